"""Two conversations of several messages, as a helpdesk would have sent them over the last days: they have a summary."""

import json
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from demo.incoming import SAMPLES
from tickets.helpdesks.base import Event
from tickets.intake import take_in
from tickets.models import Helpdesk


def write(helpdesk: Helpdesk) -> None:
    """Take the messages in; those that are there already change nothing."""
    now = timezone.now()
    for row in map(json.loads, (SAMPLES / "conversations.jsonl").read_text(encoding="utf-8").splitlines()):
        for number, message in enumerate(row["messages"], 1):
            event = Event(
                ticket_id=row["id"], number=row["id"], subject=row["subject"], requester_name=row["requester_name"],
                requester_email=row["requester_email"], message_id=f"{row['id']}-{number}", author=message["author"],
                author_name=message.get("author_name", row["requester_name"]), body=message["body"], is_html=False,
                sent_at=now - timedelta(hours=message["hours_ago"]),
            )  # fmt: skip
            with transaction.atomic():
                take_in(helpdesk, event)
