"""Reports on labels: asked for, worked out by one worker, kept with their date.

Invariant: a report holds keys and numbers, never text: what a row says is read when the page is shown, so an erased row
is gone from it at once.
"""

import logging
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils import timezone

from copilot.privacy import kept
from knowledge import recipes
from tickets import intents, label_health, lesson, tasks
from tickets.models import LabelReport
from tickets.remembered import remember
from tickets.wake import wake

log = logging.getLogger(__name__)
State = LabelReport.State
# Above the task's hard limit.
LEASE = timedelta(seconds=900)
MAX_ATTEMPTS = 3
KEPT = 5


def ask() -> None:
    """Have one worked out, unless one waits already."""
    waiting = LabelReport.objects.filter(state=State.WAITING).first() or LabelReport.objects.create()
    wake(tasks.report_labels, waiting.pk)


def newest() -> LabelReport | None:
    """The newest that is ready."""
    return LabelReport.objects.filter(state=State.READY).first()


def look_after(now: datetime) -> None:
    """Wake a worker for what waits, give up what kills its workers, forget old ones."""
    waiting = LabelReport.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), state=State.WAITING)
    waiting.filter(attempts__gte=MAX_ATTEMPTS).update(state=State.FAILED, error="its worker stopped again and again")
    for pk in waiting.filter(asked_at__lt=now - timedelta(seconds=2)).values_list("pk", flat=True):
        wake(tasks.report_labels, pk)
    ready = LabelReport.objects.exclude(state=State.WAITING).values_list("pk", flat=True)
    LabelReport.objects.filter(pk__in=list(ready[KEPT:])).delete()


def work_out(pk: int) -> None:
    """The report, if nobody else is at it."""
    now = timezone.now()
    free = LabelReport.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), pk=pk, state=State.WAITING)
    if free.update(lease_until=now + LEASE, attempts=F("attempts") + 1) != 1:
        return
    mine = LabelReport.objects.filter(pk=pk, state=State.WAITING)
    try:
        report = _examine()
    except Exception as error:  # said on the page
        log.exception("labels could not be examined")
        mine.update(state=State.FAILED, error=type(error).__name__, ready_at=timezone.now())
        return
    mine.update(state=State.READY, report=report, ready_at=timezone.now())


def _examine() -> dict[str, object]:
    rows = lesson.read()
    if not rows:
        return {"rows": 0, "intents": [], "confusions": [], "doubtful": [], "contradictions": [], "accuracy": None}
    reader = remember(rows, recipes.serving_embedder(), lambda done, of: None)
    vectors = reader.embed([kept(row.text) for row in rows])
    classifier = intents.active_classifier()
    return label_health.examine(rows, vectors, set(classifier.labels) if classifier else set())
