"""Zammad: its default webhook payload, replies as ticket articles, placements as group, priority and tags.

Formats: https://admin-docs.zammad.org/en/latest/manage/webhook.html (payload, `X-Hub-Signature`,
`X-Zammad-Delivery`) and https://docs.zammad.org/en/latest/api/ticket/index.html (REST).
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote

import httpx

from tickets.helpdesks.base import (
    BadSignature,
    Change,
    Download,
    Event,
    Moved,
    NotForUs,
    Outgoing,
    Place,
    PostFailed,
    Unreadable,
    call,
    field,
    text,
)
from tickets.helpdesks.files import files, zammad_file
from tickets.helpdesks.reading import json_object, moment

T = TypeVar("T")
# Its clock may be behind ours; an equal text of the minute before the agent's click is still ours.
CLOCKS_APART = timedelta(minutes=1)
# As a new Zammad calls them.
PRIORITIES = {"low": "1 low", "normal": "2 normal", "high": "3 high"}


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

    def read(self, body: bytes) -> Event | Moved:
        """The article in the payload, or what is said of the ticket's group beside a note, a system message or nothing.

        Raises Unreadable, or NotForUs when not even that is said.
        """
        payload = json_object(body)
        ticket, article = field(payload, "ticket", dict), field(payload, "article", dict, default={})
        sender = text(article, "sender", "Customer")
        if article.get("internal") is True:
            return _moved(ticket, "an internal note")
        if sender == "System":
            return _moved(ticket, "a message of the helpdesk itself")
        if not article and _place(ticket).group:
            return _moved(ticket, "no message")
        return _event(ticket, field(payload, "article", dict), is_agent=sender == "Agent")

    def post(self, client: httpx.Client, api_url: str, token: str, reply: Outgoing) -> str:
        """POST a ticket article. Zammad knows no idempotency key, so an uncertain attempt looks for itself first."""
        headers = {"Authorization": f"Token token={token}"}
        base = api_url.rstrip("/")
        if reply.again and (found := _already_there(client, base, headers, reply)):
            return found
        response = call(
            client, "POST", f"{base}/api/v1/ticket_articles", headers=headers,
            json={
                "ticket_id": _number(reply.ticket_id),
                "to": reply.to, "subject": reply.subject, "body": reply.text, "content_type": "text/plain",
                "type": "email" if reply.to else "note", "internal": False, "sender": "Agent",
            },
        )  # fmt: skip
        return str(_json(response, dict).get("id", ""))

    def tell(self, client: httpx.Client, api_url: str, token: str, change: Change) -> datetime | None:
        """PUT group and priority, then add the tags; each is the same when it is done again."""
        headers, base = {"Authorization": f"Token token={token}"}, f"{api_url.rstrip('/')}/api/v1"
        wanted = {"group": change.group, "priority": PRIORITIES.get(change.priority, "")}
        at = None
        if any(wanted.values()):
            body = {name: value for name, value in wanted.items() if value}
            answer = call(
                client, "PUT", f"{base}/tickets/{quote(change.ticket_id, safe='')}", headers=headers, json=body
            )
            at = _updated(_json(answer, dict))
        for tag in change.tags:
            tagged = {"item": tag, "object": "Ticket", "o_id": _number(change.ticket_id)}
            call(client, "POST", f"{base}/tags/add", headers=headers, json=tagged)
        return at

    def download(self, api_url: str, token: str, locator: str) -> Download:
        """GET the file by the ids of its ticket, its article and itself."""
        path = "/".join(quote(part, safe="") for part in locator.split("/"))
        return Download(
            f"{api_url.rstrip('/')}/api/v1/ticket_attachment/{path}", {"Authorization": f"Token token={token}"}
        )


def _moved(ticket: dict[str, Any], why: str) -> Moved:
    if not _place(ticket).group:
        raise NotForUs(why)
    return Moved(str(field(ticket, "id")), _place(ticket), why)


def _place(ticket: dict[str, Any]) -> Place:
    """A webhook has the group as an object, the REST interface as a name."""
    return Place(text(ticket, "group.name") or text(ticket, "group"), _updated(ticket))


def _updated(ticket: dict[str, Any]) -> datetime | None:
    try:
        return moment(text(ticket, "updated_at"))
    except Unreadable:
        return None


def _number(identifier: str) -> int | str:
    return int(identifier) if identifier.isdigit() else identifier


def _event(ticket: dict[str, Any], article: dict[str, Any], *, is_agent: bool) -> Event:
    name = _full_name(ticket.get("customer"))
    ids = (str(field(ticket, "id")), str(field(article, "id")))
    attached = files(article.get("attachments"), zammad_file(*ids))
    return Event(
        ticket_id=ids[0],
        number=text(ticket, "number"),
        subject=text(ticket, "title"),
        requester_name=name,
        requester_email=text(ticket, "customer.email"),
        message_id=ids[1],
        author="agent" if is_agent else "requester",
        author_name=_full_name(article.get("created_by")) if is_agent else name,
        body=field(article, "body", str, default="" if attached else None),
        is_html="html" in text(article, "content_type"),
        sent_at=moment(field(article, "created_at", str)),
        place=_place(ticket),
        attachments=attached,
    )


def _full_name(person: Any) -> str:
    return f"{text(person, 'firstname')} {text(person, 'lastname')}".strip()


def _already_there(client: httpx.Client, base: str, headers: Mapping[str, str], reply: Outgoing) -> str:
    """The id of the article that an earlier attempt made: an agent's, with this text, since the reply was accepted."""
    response = call(client, "GET", f"{base}/api/v1/ticket_articles/by_ticket/{reply.ticket_id}", headers=headers)
    wanted = " ".join(reply.text.split())
    for article in _json(response, list):
        same = " ".join(str(article.get("body", "")).split()) == wanted and article.get("sender") == "Agent"
        if same and moment(str(article.get("created_at", ""))) >= reply.accepted_at - CLOCKS_APART:
            return str(article.get("id", ""))
    return ""


def _json(response: httpx.Response, kind: type[T]) -> T:
    """The answer's JSON; one that is not, or of another kind, comes from something in between, and may pass."""
    try:
        answer = response.json()
    except ValueError as error:
        raise PostFailed("the helpdesk's answer is not JSON", retry=True) from error
    if not isinstance(answer, kind):
        raise PostFailed("the helpdesk's answer cannot be understood", retry=True)
    return answer


def _header(headers: Mapping[str, str], name: str) -> str:
    return next((value for key, value in headers.items() if key.lower() == name), "")
