"""Zammad: its default webhook payload, and replies as ticket articles.

Formats: https://admin-docs.zammad.org/en/latest/manage/webhook.html (payload, `X-Hub-Signature`,
`X-Zammad-Delivery`) and https://docs.zammad.org/en/latest/api/ticket/articles.html (REST).
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import httpx

from tickets.helpdesks.base import BadSignature, Event, NotForUs, Outgoing, PostFailed, call, field
from tickets.helpdesks.reading import json_object, moment


class Zammad:
    """The dialect of a Zammad trigger with a webhook."""

    def verify(self, secret: str, headers: Mapping[str, str], body: bytes) -> None:
        """HMAC-SHA1 over the raw body; raises BadSignature."""
        given = _header(headers, "x-hub-signature").encode()
        expected = b"sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest().encode()
        if not hmac.compare_digest(given, expected):
            raise BadSignature("X-Hub-Signature does not match")

    def delivery_id(self, headers: Mapping[str, str], body: bytes) -> str:
        """`X-Zammad-Delivery`; without it, what the body hashes to."""
        return _header(headers, "x-zammad-delivery") or hashlib.sha256(body).hexdigest()

    def read(self, body: bytes) -> Event:
        """The article in the payload; raises Unreadable, or NotForUs for internal notes and system messages."""
        payload = json_object(body)
        article = field(payload, "article", dict)
        if article.get("internal") is True:
            raise NotForUs("an internal note")
        sender = field(article, "sender", str, default="Customer")
        if sender == "System":
            raise NotForUs("a message of the helpdesk itself")
        return _event(field(payload, "ticket", dict), article, is_agent=sender == "Agent")

    def post(self, client: httpx.Client, api_url: str, token: str, reply: Outgoing) -> str:
        """POST a ticket article. Zammad knows no idempotency key, so an uncertain attempt looks for itself first."""
        headers = {"Authorization": f"Token token={token}"}
        base = api_url.rstrip("/")
        if reply.again and (found := _already_there(client, base, headers, reply)):
            return found
        response = call(
            client, "POST", f"{base}/api/v1/ticket_articles", headers=headers,
            json={
                "ticket_id": int(reply.ticket_id) if reply.ticket_id.isdigit() else reply.ticket_id,
                "to": reply.to, "subject": reply.subject, "body": reply.text, "content_type": "text/plain",
                "type": "email" if reply.to else "note", "internal": False, "sender": "Agent",
            },
        )  # fmt: skip
        return str(_json(response).get("id", ""))


def _event(ticket: dict[str, Any], article: dict[str, Any], *, is_agent: bool) -> Event:
    name = _full_name(field(ticket, "customer", dict, default={}))
    return Event(
        ticket_id=str(field(ticket, "id")),
        number=str(field(ticket, "number", default="")),
        subject=field(ticket, "title", str, default=""),
        requester_name=name,
        requester_email=field(ticket, "customer.email", str, default=""),
        message_id=str(field(article, "id")),
        author="agent" if is_agent else "requester",
        author_name=_full_name(field(article, "created_by", dict, default={})) if is_agent else name,
        body=field(article, "body", str),
        is_html="html" in field(article, "content_type", str, default="text/plain"),
        sent_at=moment(field(article, "created_at", str)),
    )


def _full_name(person: dict[str, Any]) -> str:
    return " ".join(str(person.get(part) or "") for part in ("firstname", "lastname")).strip()


def _already_there(client: httpx.Client, base: str, headers: Mapping[str, str], reply: Outgoing) -> str:
    """The id of an article of this ticket with exactly this text, which an earlier attempt must have made."""
    response = call(client, "GET", f"{base}/api/v1/ticket_articles/by_ticket/{reply.ticket_id}", headers=headers)
    wanted = " ".join(reply.text.split())
    for article in response.json():
        if " ".join(str(article.get("body", "")).split()) == wanted:
            return str(article.get("id", ""))
    return ""


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        return dict(response.json())
    except (ValueError, TypeError) as error:
        raise PostFailed("the helpdesk's answer is not JSON", retry=False) from error


def _header(headers: Mapping[str, str], name: str) -> str:
    return next((value for key, value in headers.items() if key.lower() == name), "")
