"""Runs of triage's training: asked for, one step at a time by one worker, ended.

Invariant: one run is open at most, and only the holder of its claim changes it. A worker that dies leaves a lease that
runs out, and the step is done again; a run that kills its workers has failed.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from tickets.models import TrainingRun, User

State = TrainingRun.State
# A worker tells every BEAT_SECONDS that it lives.
LEASE = timedelta(seconds=60)
BEAT_SECONDS = 10.0
MAX_ATTEMPTS = 3
KEPT = 100


def ask(cause: str, user: User | None = None) -> TrainingRun | None:
    """A run that waits; None while one is open."""
    try:
        with transaction.atomic():
            return TrainingRun.objects.create(cause=cause, asked_by=user)
    except IntegrityError:
        return None


def due(now: datetime) -> QuerySet[TrainingRun]:
    """Open runs that nobody works on."""
    return TrainingRun.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), state__in=TrainingRun.OPEN)


def claim(pk: int) -> TrainingRun | None:
    """Take the step that is due; None when somebody has it, or the run is over."""
    now = timezone.now()
    free = due(now).filter(pk=pk)
    lost = "its worker stopped again and again; see the workers\u2019 log"
    if free.filter(attempts__gte=MAX_ATTEMPTS).update(state=State.FAILED, error=lost, ended_at=now, claim=None):
        return None
    mine = uuid4()
    if free.update(claim=mine, lease_until=now + LEASE, attempts=F("attempts") + 1) != 1:
        return None
    return TrainingRun.objects.select_related("model", "rival").get(pk=pk)


def step(run: TrainingRun, state: str, percent: int, **values: object) -> bool:
    """The step is done and `state` is the next one, which any worker may take; whether the run was still ours."""
    over = {"ended_at": timezone.now()} if state in (State.DONE, State.FAILED) else {}
    rows = _held(run.pk, run.claim).update(
        state=state, percent=percent, claim=None, lease_until=None, attempts=0, **over, **values
    )
    return rows == 1


def tell(run: TrainingRun, percent: int) -> None:
    """How far it is."""
    _held(run.pk, run.claim).update(percent=percent, lease_until=timezone.now() + LEASE)


@contextmanager
def beating(run: TrainingRun) -> Iterator[None]:
    """Keep the lease while something runs that cannot say how far it is."""
    stop = threading.Event()
    thread = threading.Thread(target=_beat, args=(run.pk, run.claim, stop), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _beat(pk: int, claim: UUID, stop: threading.Event) -> None:
    while not stop.wait(BEAT_SECONDS):
        try:
            _held(pk, claim).update(lease_until=timezone.now() + LEASE)
        except DatabaseError:
            connection.close()  # the next beat opens another
    connection.close()


def forget() -> None:
    """Old runs; the versions that they made stay."""
    old = TrainingRun.objects.exclude(state__in=TrainingRun.OPEN).order_by("-pk").values_list("pk", flat=True)[KEPT:]
    TrainingRun.objects.filter(pk__in=list(old)).delete()


def _held(pk: int, claim: UUID | None) -> QuerySet[TrainingRun]:
    return TrainingRun.objects.filter(pk=pk, state__in=TrainingRun.OPEN, claim=claim)
