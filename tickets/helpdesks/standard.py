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

from tickets.helpdesks.base import BadSignature, Event, NotForUs, Outgoing, call, field, text
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
        name = text(data, "ticket.requester.name")
        author = text(data, "message.author", "requester")
        return Event(
            ticket_id=str(field(data, "ticket.id")),
            number=text(data, "ticket.number"),
            subject=text(data, "ticket.subject"),
            requester_name=name,
            requester_email=text(data, "ticket.requester.email"),
            message_id=str(field(data, "message.id")),
            author="agent" if author == "agent" else "requester",
            author_name=text(data, "message.author_name", name),
            body=field(data, "message.body", str),
            is_html="html" in text(data, "message.content_type").lower(),
            sent_at=moment(text(payload, "timestamp", timezone.now().isoformat())),
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
