"""Looks at sources: asked for, claimed by one worker, told about while they go on, ended.

Invariant: a source has one open run at most, and one worker works on it; a worker that dies or runs out of time leaves
a run that another goes on with, and a run that was asked for while one was going on happens after it.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import F, Max, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from knowledge.indexing import SyncReport
from knowledge.models import Source, SyncError, SyncRun

State = SyncRun.State
# A worker that says nothing for so long is dead: one document may take `apart.SECONDS`, one page its retries.
LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 20
MAX_ERRORS = 500
# Runs that are kept for each source.
KEPT = 20


class Stopped(Exception):
    """A person stopped the run, or another worker has it."""


def ask(source: Source, *, may_remove: bool = False) -> SyncRun:
    """A run that waits, or the one that is open already; one that is going on looks once more when it is done."""
    try:
        with transaction.atomic():
            return SyncRun.objects.create(source=source, may_remove=may_remove)
    except IntegrityError:
        going = SyncRun.objects.filter(source=source, state__in=SyncRun.OPEN)
        going.update(again=True, may_remove=True if may_remove else F("may_remove"))
        return going.first() or ask(source, may_remove=may_remove)


def stop(source: Source) -> bool:
    """End the open run; its worker notices within a batch. Whether there was one."""
    going = SyncRun.objects.filter(source=source, state__in=SyncRun.OPEN)
    return going.update(state=State.STOPPED, finished_at=timezone.now(), claim=None) > 0


def claim(pk: int) -> SyncRun | None:
    """Take a waiting run; None when it is not waiting."""
    now = timezone.now()
    run = SyncRun.objects.select_related("source").filter(pk=pk, state=State.WAITING).first()
    if run is None:
        return None
    run.claim, run.started_at = uuid4(), run.started_at or now
    taken = SyncRun.objects.filter(pk=pk, state=State.WAITING).update(
        state=State.RUNNING, claim=run.claim, started_at=run.started_at, heartbeat=now, attempts=F("attempts") + 1,
        again=False,
    )  # fmt: skip
    return run if taken == 1 else None


def tell(pk: int, holder: UUID, report: SyncReport) -> None:
    """Keep how far it is. Raises Stopped when the run is no longer the holder's."""
    told = _held(pk, holder).update(heartbeat=timezone.now(), **_counts(report))
    if told != 1:
        raise Stopped


@transaction.atomic
def finish(pk: int, holder: UUID, report: SyncReport | None, error: str = "") -> bool:
    """End the run, done or failed; whether the source is to be looked at once more."""
    values = _counts(report) if report else {}
    over = State.FAILED if error else State.DONE
    held = _held(pk, holder)
    again = held.filter(again=True).exists()
    if held.update(state=over, finished_at=timezone.now(), claim=None, error=error[:500], **values) != 1:
        return False
    if report:
        _keep_errors(pk, report)
    return again


def record(source: Source, report: SyncReport) -> None:
    """A look that was made without a worker, from the command line, as one more that is over."""
    now = timezone.now()
    run = SyncRun.objects.create(
        source=source, state=State.DONE, started_at=now, finished_at=now, attempts=1, **_counts(report)
    )
    _keep_errors(run.pk, report)


def _keep_errors(pk: int, report: SyncReport) -> None:
    SyncError.objects.bulk_create(
        SyncError(run_id=pk, document=name[:500], reason=reason[:500]) for name, reason in report.errors[:MAX_ERRORS]
    )


def put_back(pk: int, holder: UUID) -> None:
    """Its worker has to go: another goes on."""
    _held(pk, holder).update(state=State.WAITING, claim=None)


def release_abandoned(now: datetime) -> None:
    """Give the runs of dead workers to others; one that kills its workers again and again has failed."""
    dead = SyncRun.objects.filter(state=State.RUNNING, heartbeat__lt=now - LEASE)
    lost = "its workers stopped again and again: a document may be to blame; see the workers' log"
    dead.filter(attempts__gte=MAX_ATTEMPTS).update(state=State.FAILED, error=lost, finished_at=now, claim=None)
    dead.update(state=State.WAITING, claim=None)


def ask_due(now: datetime) -> None:
    """A run for every source whose time has come."""
    timed = Source.objects.filter(is_active=True, every_hours__gt=0).annotate(last=Max("runs__asked_at"))
    for source in timed:
        if source.last is None or source.last + timedelta(hours=source.every_hours) <= now:
            ask(source)


def forget() -> None:
    """Old runs, with their errors."""
    place = Window(RowNumber(), partition_by="source_id", order_by="-pk")
    old = SyncRun.objects.annotate(place=place).filter(place__gt=KEPT).exclude(state__in=SyncRun.OPEN)
    SyncRun.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()


def _held(pk: int, holder: UUID) -> QuerySet[SyncRun]:
    return SyncRun.objects.filter(pk=pk, state=State.RUNNING, claim=holder)


def _counts(report: SyncReport) -> dict[str, int | str]:
    return {
        "seen": report.seen, "changed": report.changed, "moved": report.moved, "deleted": report.deleted,
        "held": report.held, "passages": report.passages, "failures": len(report.errors),
        "incomplete": report.incomplete[:300],
    }  # fmt: skip
