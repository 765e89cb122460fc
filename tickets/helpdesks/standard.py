"""Any system that can send Standard Webhooks (https://www.standardwebhooks.com).

The payload we ask for (`docs/connect.md` has it whole):

    {"type": "message.created", "timestamp": "2026-03-03T10:00:00Z", "data": {
        "ticket": {"id": "42", "number": "42", "subject": "…", "requester": {"name": "…", "email": "…"}},
        "message": {"id": "7", "author": "requester", "author_name": "…", "body": "…", "content_type": "text/plain",
                    "attachments": [{"name": "…", "content_type": "…", "content": "base64"}]}}}

Replies are posted as JSON to the helpdesk's address with an `Idempotency-Key`, so a repeat is not a second reply.
Placements go there too, as `{"type": "ticket.placed", …}`. `data.ticket.team` says where a ticket lies.
"""

from collections.abc import Mapping
from datetime import datetime

import httpx
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from tickets.helpdesks.base import (
    BadSignature,
    Change,
    Download,
    Event,
    Moved,
    NotForUs,
    Outgoing,
    Place,
    call,
    field,
    text,
)
from tickets.helpdesks.files import files, standard_file
from tickets.helpdesks.reading import json_object, moment

TYPES = ("ticket.created", "message.created")
UPDATED = "ticket.updated"


class StandardWebhooks:
    """The generic dialect."""

    def verify(self, secret: str, headers: Mapping[str, str], body: bytes) -> None:
        """Standard Webhooks' signature, timestamp within five minutes; raises BadSignature."""
        try:
            Webhook(secret).verify(body, dict(headers), json_parse=False)
        except WebhookVerificationError as error:
            raise BadSignature(str(error)) from error
        except Exception as error:  # a malformed header makes the library raise what it likes
            raise BadSignature("the signature headers are malformed") from error

    def delivery_id(self, headers: Mapping[str, str], body: bytes) -> str:
        """`webhook-id` is the same when a message is sent again."""
        return {name.lower(): value for name, value in headers.items()}["webhook-id"]

    def read(self, body: bytes) -> Event | Moved:
        """The event; raises Unreadable, or NotForUs for types we do not know."""
        payload = json_object(body)
        if (kind := field(payload, "type", str)) not in (*TYPES, UPDATED):
            raise NotForUs(f"event {kind!r} needs nothing from us"[:200])
        data = field(payload, "data", dict)
        said_at = moment(text(payload, "timestamp", timezone.now().isoformat()))
        place = Place(text(data, "ticket.team"), said_at)
        if kind == UPDATED:
            return Moved(str(field(data, "ticket.id")), place, "the ticket was updated")
        name = text(data, "ticket.requester.name")
        author = text(data, "message.author", "requester")
        attached = files(field(data, "message", dict).get("attachments"), standard_file)
        return Event(
            ticket_id=str(field(data, "ticket.id")),
            number=text(data, "ticket.number"),
            subject=text(data, "ticket.subject"),
            requester_name=name,
            requester_email=text(data, "ticket.requester.email"),
            message_id=str(field(data, "message.id")),
            author="agent" if author == "agent" else "requester",
            author_name=text(data, "message.author_name", name),
            body=field(data, "message.body", str, default="" if attached else None),
            is_html="html" in text(data, "message.content_type").lower(),
            sent_at=said_at,
            place=place,
            attachments=attached,
        )

    def post(self, client: httpx.Client, api_url: str, token: str, reply: Outgoing) -> str:
        """POST the reply with its key; the receiver drops a key it has seen."""
        response = call(
            client, "POST", api_url,
            headers={**_bearer(token), "Idempotency-Key": reply.key},
            json={"ticket_id": reply.ticket_id, "to": reply.to, "subject": reply.subject, "body": reply.text},
        )  # fmt: skip
        return _identifier(response) or reply.key

    def tell(self, client: httpx.Client, api_url: str, token: str, change: Change) -> datetime | None:
        """POST the placement with its key, where replies go; what is empty is left out."""
        said = {"team": change.group, "priority": change.priority, "tags": list(change.tags)}
        call(
            client, "POST", api_url,
            headers={**_bearer(token), "Idempotency-Key": change.key},
            json={"type": "ticket.placed", "ticket_id": change.ticket_id, **{k: v for k, v in said.items() if v}},
        )  # fmt: skip
        return None

    def download(self, api_url: str, token: str, locator: str) -> Download:
        """GET the address that the call named."""
        return Download(locator, _bearer(token))


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _identifier(response: httpx.Response) -> str:
    try:
        return str(response.json()["id"])
    except (ValueError, KeyError, TypeError):
        return ""
