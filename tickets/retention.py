"""How long things are kept: what is due by each rule, and taking it away.

Invariant: what has no rule is kept; only what has ended is touched (an answered ticket, a reply that has left); and
what goes is counted first, so that the insights show the same afterwards. Each batch is a transaction of its own, so a
run that is killed has done whole batches, and the next one goes on.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from tickets import audit, board, counted, versions
from tickets.models import (
    Attachment,
    AttachmentContent,
    Delivery,
    Draft,
    FieldReport,
    FieldValue,
    Helpdesk,
    Message,
    Question,
    Reply,
    RetentionRule,
    Review,
    Summary,
    Ticket,
    TrainingRow,
)

What = RetentionRule.What
BATCH = 200
REMOVED = "removed"
_BUSY = (Reply.State.QUEUED, Reply.State.SENDING)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a rule is about: the rows that are due, the column that says how old they are, and how they go."""

    due: Callable[[Helpdesk, datetime], QuerySet[Any]]
    moment: str
    remove: Callable[[Sequence[int]], int]


@dataclass(frozen=True, slots=True)
class Due:
    """What a rule would remove now, and since when the oldest of it has been there."""

    rule: RetentionRule
    count: int
    oldest: datetime | None


def preview(rule: RetentionRule, now: datetime | None = None) -> Due:
    """Nothing is changed."""
    before = _before(rule, now or timezone.now())
    if rule.what == What.AUDIT:
        return Due(rule, audit.prunable(before, most=1_000_000), None)
    assert rule.helpdesk is not None
    kind = KINDS[rule.what]
    rows = kind.due(rule.helpdesk, before)
    return Due(rule, rows.count(), rows.order_by().aggregate(first=Min(kind.moment))["first"])


def apply(rule: RetentionRule, until: float | None = None) -> int:
    """Remove what is due, by `until` (of the monotonic clock) at the latest; how many. Recorded when there was any."""
    before, removed = _before(rule, timezone.now()), 0
    while until is None or time.monotonic() < until:
        done = _prune(before) if rule.what == What.AUDIT else _batch(rule, before)
        if not done:
            break
        removed += done
    if rule.what == What.TRAINING and removed:
        versions.forget()
    return removed


def apply_all(until: float | None = None) -> bool:
    """Every rule; whether time was enough."""
    for rule in RetentionRule.objects.select_related("helpdesk"):
        apply(rule, until)
    return until is None or time.monotonic() < until


def _before(rule: RetentionRule, now: datetime) -> datetime:
    return now - timedelta(days=rule.days)


def _prune(before: datetime) -> int:
    return int(audit.prune(before))


@transaction.atomic
def _batch(rule: RetentionRule, before: datetime) -> int:
    """A few rows, and the audit's row that says how many; rows that somebody holds are left to the next night."""
    assert rule.helpdesk is not None
    kind = KINDS[rule.what]
    rows = kind.due(rule.helpdesk, before)
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
    if not keys:
        return 0
    free = rows.model._default_manager.select_for_update(skip_locked=True, of=("self",)).filter(pk__in=keys)
    mine = list(free.order_by("pk").values_list("pk", flat=True))
    removed = kind.remove(mine) if mine else 0
    if mine:
        audit.record("retention.applied", subject=f"helpdesk:{rule.helpdesk_id}", what=rule.what, removed=removed)
    return removed


def _quiet() -> Q:
    """Answered tickets with nothing under way."""
    writing = Draft.objects.filter(ticket=OuterRef("pk"), state__in=(Draft.State.PENDING, Draft.State.WORKING))
    sending = Reply.objects.filter(ticket=OuterRef("pk"), state__in=_BUSY)
    return Q(state=Ticket.State.ANSWERED) & ~Exists(writing) & ~Exists(sending)


def _quiet_tickets(helpdesk: Helpdesk) -> QuerySet[Ticket]:
    return Ticket.objects.filter(_quiet(), helpdesk=helpdesk)


def _deliveries(helpdesk: Helpdesk, before: datetime) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(helpdesk=helpdesk, received_at__lt=before)
    return rows.exclude(body=b"").exclude(state=Delivery.State.RECEIVED)


def _empty_deliveries(keys: Sequence[int]) -> int:
    """The row stays, so that a repeated call is still known for one."""
    return Delivery.objects.filter(pk__in=keys).update(body=b"")


def _messages(helpdesk: Helpdesk, before: datetime) -> QuerySet[Ticket]:
    said = Message.objects.filter(ticket=OuterRef("pk")).exclude(body="", hidden="", redacted="")
    young = Message.objects.filter(ticket=OuterRef("pk"), sent_at__gte=before)
    return _quiet_tickets(helpdesk).filter(Exists(said), ~Exists(young), updated_at__lt=before)


def _empty_messages(keys: Sequence[int]) -> int:
    """What was said, and what was found in it or hides behind placeholders; subject and requester stay."""
    for model in (Summary, FieldValue, FieldReport, Question):
        model._default_manager.filter(ticket__in=keys).delete()
    Ticket.objects.filter(pk__in=keys).update(placeholders="{}")
    Message.objects.filter(ticket__in=keys).update(body="", hidden="", redacted="")
    return len(keys)


def _drafts(helpdesk: Helpdesk, before: datetime) -> QuerySet[Draft]:
    return Draft.objects.filter(ticket__in=_quiet_tickets(helpdesk), created_at__lt=before)


def _remove_drafts(keys: Sequence[int]) -> int:
    drafts = Draft.objects.filter(pk__in=keys)
    counted.add(drafts)
    drafts.delete()
    transaction.on_commit(lambda: board.forget(keys))
    return len(keys)


def _diffs(helpdesk: Helpdesk, before: datetime) -> QuerySet[Review]:
    rows = Review.objects.filter(draft__ticket__helpdesk=helpdesk, created_at__lt=before)
    return rows.exclude(diff="", note="")


def _empty_diffs(keys: Sequence[int]) -> int:
    return Review.objects.filter(pk__in=keys).update(diff="", note="")


def _attachments(helpdesk: Helpdesk, before: datetime) -> QuerySet[Attachment]:
    rows = Attachment.objects.filter(message__ticket__in=_quiet_tickets(helpdesk), created_at__lt=before)
    return rows.exclude(state__in=Attachment.UNFINISHED).exclude(problem=REMOVED)


def _empty_attachments(keys: Sequence[int]) -> int:
    """The file's name stays in the conversation, with the reason why it is not there."""
    AttachmentContent.objects.filter(attachment__in=keys).delete()
    FieldValue.objects.filter(attachment__in=keys).delete()
    gone: dict[str, Any] = {"state": Attachment.State.FAILED, "problem": REMOVED, "locator": ""}
    return Attachment.objects.filter(pk__in=keys).update(**gone)


def _training(helpdesk: Helpdesk, before: datetime) -> QuerySet[TrainingRow]:
    return TrainingRow.objects.filter(ticket__helpdesk=helpdesk, created_at__lt=before)


def _remove_training(keys: Sequence[int]) -> int:
    TrainingRow.objects.filter(pk__in=keys).delete()
    return len(keys)


KINDS: dict[str, Kind] = {
    What.DELIVERIES: Kind(_deliveries, "received_at", _empty_deliveries),
    What.MESSAGES: Kind(_messages, "created_at", _empty_messages),
    What.DRAFTS: Kind(_drafts, "created_at", _remove_drafts),
    What.DIFFS: Kind(_diffs, "created_at", _empty_diffs),
    What.ATTACHMENTS: Kind(_attachments, "created_at", _empty_attachments),
    What.TRAINING: Kind(_training, "created_at", _remove_training),
}
