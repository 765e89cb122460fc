"""A signed head of the chain, written to a file once a day.

Invariant: the file is there before the chain says so (`audit.anchored`, with the file's hash), so that an anchor that
the chain knows and the folder lacks was taken away.
"""

import hashlib
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from copilot.privacy.audit import anchors
from copilot.privacy.audit.anchors import Anchor
from copilot.privacy.audit.rows import MOMENT, canonical
from tickets.audit.linking import link, linked_rows
from tickets.audit.recording import record
from tickets.models import AuditEntry, AuditHead

ANCHORED = "audit.anchored"
EVERY = timedelta(days=1)
BATCH = 2000


def newest() -> AuditEntry | None:
    """The row that tells of the last anchor."""
    return AuditEntry.objects.filter(kind=ANCHORED).order_by("-pk").first()


def is_due(now: datetime) -> bool:
    """Whether the last anchor is a day old, or there is none and something to anchor."""
    last = newest()
    return last.at <= now - EVERY if last else AuditEntry.objects.exists()


def anchor() -> Anchor | None:
    """Write an anchor for the chain as it is now; None when it is empty. Raises OSError."""
    link()
    last = newest()
    since = int(last.facts["position"]) if last else 0
    made = hashlib.sha256()
    first, position, mac = 0, since, ""
    while rows := linked_rows(position, 2**62, BATCH):
        first = first or rows[0].position or 0
        for row in rows:
            made.update(canonical(row) + b"\n")
        position, mac = rows[-1].position or 0, rows[-1].mac
    if not mac:
        return None
    AuditHead.objects.update(seal=F("seal"))  # waits for the disk: what is anchored must not be linked anew
    before = str(last.facts["file"]) if last else ""
    moment = timezone.now().astimezone(UTC).strftime(MOMENT)
    new = Anchor(position, mac, moment, first, made.hexdigest(), before)
    file = anchors.write(settings.AUDIT_ANCHORS, new, settings.AUDIT_SIGNING_KEY)
    record(ANCHORED, position=position, file=file)
    return new
