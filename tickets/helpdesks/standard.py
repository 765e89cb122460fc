"""Any system that can send Standard Webhooks (https://www.standardwebhooks.com).

The payload we ask for (`docs/connect.md` has it whole):

    {"type": "message.created", "timestamp": "2026-03-03T10:00:00Z", "data": {
        "ticket": {"id": "42", "number": "42", "subject": "…", "requester": {"name": "…", "email": "…"}},
        "message": {"id": "7", "author": "requester", "author_name": "…", "body": "…", "content_type": "text/plain"}}}

Replies are posted as JSON to the helpdesk's address with an `Idempotency-Key`, so a repeat is not a second reply.
"""

from collections.abc import Mapping

import httpx
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from tickets.helpdesks.base import BadSignature, Event, NotForUs, Outgoing, call, field
from tickets.helpdesks.reading import json_object, moment

TYPES = ("ticket.created", "message.created")


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

    def read(self, body: bytes) -> Event:
        """The event; raises Unreadable, or NotForUs for types we do not know."""
        payload = json_object(body)
        if (kind := field(payload, "type", str)) not in TYPES:
            raise NotForUs(f"event {kind!r} needs nothing from us"[:200])
        data = field(payload, "data", dict)
        name = field(data, "ticket.requester.name", str, default="")
        author = field(data, "message.author", str, default="requester")
        return Event(
            ticket_id=str(field(data, "ticket.id")),
            number=str(field(data, "ticket.number", default="")),
            subject=field(data, "ticket.subject", str, default=""),
            requester_name=name,
            requester_email=field(data, "ticket.requester.email", str, default=""),
            message_id=str(field(data, "message.id")),
            author="agent" if author == "agent" else "requester",
            author_name=field(data, "message.author_name", str, default=name),
            body=field(data, "message.body", str),
            is_html="html" in field(data, "message.content_type", str, default="text/plain").lower(),
            sent_at=moment(field(payload, "timestamp", str, default=timezone.now().isoformat())),
        )

    def post(self, client: httpx.Client, api_url: str, token: str, reply: Outgoing) -> str:
        """POST the reply with its key; the receiver drops a key it has seen."""
        response = call(
            client, "POST", api_url,
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": reply.key},
            json={"ticket_id": reply.ticket_id, "to": reply.to, "subject": reply.subject, "body": reply.text},
        )  # fmt: skip
        return _identifier(response) or reply.key


def _identifier(response: httpx.Response) -> str:
    try:
        return str(response.json()["id"])
    except (ValueError, KeyError, TypeError):
        return ""
