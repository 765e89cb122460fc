"""Walks along the chain that a worker makes: asked for by a click or nightly, kept with what they found.

Invariant: one waits at most, whoever asks; a worker that dies leaves a lease that runs out, and the walk is done again.
"""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from tickets import problems, tasks
from tickets.audit import anchoring, verifying
from tickets.audit.linking import link
from tickets.models import AuditCheck, AuditEntry, Problem
from tickets.wake import wake

log = logging.getLogger(__name__)
State = AuditCheck.State
EVERY = timedelta(days=1)
# Above the task's hard limit.
LEASE = timedelta(seconds=1800)
MAX_ATTEMPTS = 3
KEPT = 30
NAMED = 100


def ask() -> AuditCheck | None:
    """Have the chain walked, unless that waits already."""
    try:
        with transaction.atomic():
            check = AuditCheck.objects.create()
            wake(tasks.verify_audit, check.pk)
            return check
    except IntegrityError:
        return None


def last() -> AuditCheck | None:
    """The newest that has ended."""
    return AuditCheck.objects.exclude(state=State.WAITING).first()


def waiting() -> AuditCheck | None:
    """The one that goes on, or is to begin."""
    return AuditCheck.objects.filter(state=State.WAITING).first()


def look_after(now: datetime) -> None:
    """Link what a dead process left; walk and anchor once a day; wake a worker for what waits; forget old walks."""
    link()
    free = AuditCheck.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), state=State.WAITING)
    lost = "its worker stopped again and again"
    free.filter(attempts__gte=MAX_ATTEMPTS).update(state=State.FAILED, error=lost, ended_at=now)
    for pk in free.filter(asked_at__lt=now - timedelta(seconds=2)).values_list("pk", flat=True):
        wake(tasks.verify_audit, pk)
    newest = AuditCheck.objects.first()
    if (newest is None or newest.asked_at <= now - EVERY) and AuditEntry.objects.exists():
        ask()
    if anchoring.is_due(now):
        wake(tasks.anchor_audit)
    old = AuditCheck.objects.exclude(state=State.WAITING).values_list("pk", flat=True)[KEPT:]
    AuditCheck.objects.filter(pk__in=list(old)).delete()


def work_out(pk: int) -> None:
    """The walk, if nobody else is at it."""
    now = timezone.now()
    free = AuditCheck.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), pk=pk, state=State.WAITING)
    if free.update(lease_until=now + LEASE, attempts=F("attempts") + 1) != 1:
        return
    mine = AuditCheck.objects.filter(pk=pk, state=State.WAITING)

    def tell(done: int, of: int) -> None:
        mine.update(rows=done, of=of)

    try:
        walk = verifying.verify(tell)
    except Exception as error:  # said on the page
        log.exception("the audit could not be verified")
        mine.update(state=State.FAILED, error=type(error).__name__, ended_at=timezone.now())
        return
    found = [[one.kind, one.first, one.last] for one in walk.findings[:NAMED]]
    mine.update(
        state=State.BROKEN if found else State.SOUND, rows=walk.rows, of=walk.rows, anchors=len(walk.anchors),
        findings=found, count=len(walk.findings) + walk.unnamed, ended_at=timezone.now(),
    )  # fmt: skip
    if found:
        log.error("the audit is not as it was written: %s", walk.findings[0])
        problems.note(Problem.Kind.AUDIT, str(walk.findings[0]))
    else:
        problems.settle(Problem.Kind.AUDIT)


def anchor() -> None:
    """Anchor the chain, if that is due; what hinders it is a problem for the administrator."""
    if not anchoring.is_due(timezone.now()):
        return
    try:
        anchoring.anchor()
    except OSError as error:
        log.error("the audit could not be anchored: %s", error.strerror)
        problems.note(Problem.Kind.ANCHOR, f"{type(error).__name__}: {error.strerror}")
    else:
        problems.settle(Problem.Kind.ANCHOR)
