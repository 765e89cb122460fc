"""Sample tickets as signed webhooks over HTTP, as a helpdesk would send them."""

import base64
import hashlib
import hmac
import json
import mimetypes
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
from django.conf import settings
from standardwebhooks import Webhook

from demo.console import Failed, progress
from tickets.models import Helpdesk

SAMPLES = settings.BASE_DIR / "samples"


def deliver_all(address: str, helpdesks: Iterable[Helpdesk], tickets: Iterable[Mapping[str, Any]]) -> int:
    """Send every ticket to the helpdesk it names (else the first); how many. Raises Failed on a refusal."""
    by_dialect = {helpdesk.dialect: helpdesk for helpdesk in helpdesks}
    sent = 0
    with httpx.Client(base_url=address, timeout=10) as client:
        for sent, ticket in enumerate(tickets, 1):
            helpdesk = by_dialect[str(ticket.get("helpdesk", "standard"))]
            body, headers = message(helpdesk, ticket)
            response = client.post(f"/webhooks/{helpdesk.slug}/", content=body, headers=headers)
            if response.status_code not in (200, 202):
                raise Failed(f"ticket {ticket['id']} was answered {response.status_code}: {response.text[:200]}")
            progress(f"{sent} tickets delivered")
    return sent


def message(helpdesk: Helpdesk, ticket: Mapping[str, Any]) -> tuple[bytes, dict[str, str]]:
    """The signed call for a ticket: raw body and headers."""
    return (_zammad if helpdesk.dialect == "zammad" else _standard)(helpdesk, ticket)


def _standard(helpdesk: Helpdesk, ticket: Mapping[str, Any]) -> tuple[bytes, dict[str, str]]:
    now = datetime.now(UTC)
    requester = {"name": ticket.get("requester_name", ""), "email": ticket.get("requester_email", "")}
    data = {
        "ticket": {"id": ticket["id"], "number": ticket["id"], "subject": ticket["subject"], "requester": requester},
        "message": {
            "id": f"{ticket['id']}-1",
            "body": ticket["body"],
            "content_type": _kind(ticket),
            "attachments": [_file(name) for name in ticket.get("attachments", [])],
        },
    }
    body = json.dumps({"type": "ticket.created", "timestamp": now.isoformat(), "data": data})
    identifier = f"msg-{ticket['id']}"
    return body.encode(), {
        "content-type": "application/json",
        "webhook-id": identifier,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(helpdesk.webhook_secret).sign(identifier, now, body),
    }


def _zammad(helpdesk: Helpdesk, ticket: Mapping[str, Any]) -> tuple[bytes, dict[str, str]]:
    first, _, last = str(ticket.get("requester_name", "")).partition(" ")
    customer = {"firstname": first, "lastname": last, "email": ticket.get("requester_email", "")}
    payload = {
        "ticket": {"id": ticket["id"], "number": ticket["id"], "title": ticket["subject"], "customer": customer},
        "article": {
            "id": f"{ticket['id']}-1", "sender": "Customer", "internal": False, "body": ticket["body"],
            "content_type": _kind(ticket), "created_at": datetime.now(UTC).isoformat(), "created_by": customer,
        },
    }  # fmt: skip
    body = json.dumps(payload).encode()
    signature = hmac.new(helpdesk.webhook_secret.encode(), body, hashlib.sha1).hexdigest()
    return body, {
        "content-type": "application/json",
        "x-zammad-delivery": f"delivery-{ticket['id']}",
        "x-hub-signature": f"sha1={signature}",
    }


def _file(name: str) -> dict[str, str]:
    """A file of the sample world, as a call holds it."""
    data = (SAMPLES / "attachments" / name).read_bytes()
    kind = mimetypes.guess_type(name)[0] or ""
    return {"name": name, "content_type": kind, "content": base64.b64encode(data).decode()}


def _kind(ticket: Mapping[str, Any]) -> str:
    return "text/html" if ticket.get("html") else "text/plain"
