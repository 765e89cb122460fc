"""What was left behind at any step, woken again.

Invariant: everything that waits in PostgreSQL is found here, whatever Redis forgot.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from knowledge import runs
from knowledge.models import SyncRun
from knowledge.tasks import sync_source
from tickets import (
    attachments,
    claims,
    finding,
    label_reports,
    nightly,
    outbox,
    reembedding,
    summaries,
    tasks,
    teaching,
    workers,
    write_back,
)
from tickets.audit import checks
from tickets.erasure import runs as erasures
from tickets.models import Delivery, Redaction, Reply
from tickets.wake import wake

AT_ONCE = 500
# Younger ones were woken when they were committed.
GRACE = timedelta(seconds=2)
# What wakes itself was last heard of so long ago.
STUCK = timedelta(minutes=5)


def sweep() -> None:
    """Release what dead workers held, and wake a worker for everything that waits."""
    claims.release_abandoned()
    outbox.release_abandoned()
    attachments.release_abandoned()
    summaries.release_abandoned()
    write_back.release_abandoned()
    now = timezone.now()
    received = Delivery.objects.filter(state=Delivery.State.RECEIVED, received_at__lt=now - GRACE)
    for pk in received.order_by("received_at").values_list("pk", flat=True)[:AT_ONCE]:
        wake(tasks.process_delivery, pk)
    due = Reply.objects.filter(state=Reply.State.QUEUED, not_before__lte=now)
    for pk in due.order_by("not_before").values_list("pk", flat=True)[:AT_ONCE]:
        wake(tasks.deliver_reply, pk)
    for pk in write_back.due().values_list("pk", flat=True)[:AT_ONCE]:
        wake(tasks.write_back, pk)
    attachments.wake_due(AT_ONCE, now - GRACE)
    if claims.due().exists():
        wake(tasks.draft_pending)
    if summaries.due().filter(asked_at__lt=now - GRACE).exists():
        wake(tasks.summarise_pending)
    sync_sources(now)
    workers.forget()
    finding.forget_deleted()
    if Redaction.objects.filter(again_from__isnull=False, changed_at__lt=now - STUCK).exists():
        wake(tasks.redact_again)
    reembedding.look_after()
    nightly.look_after(now)
    teaching.look_after()
    label_reports.look_after(now)
    checks.look_after(now)
    erasures.look_after(now)


def sync_sources(now: datetime) -> None:
    """Looks whose time has come, and those that wait or were left behind."""
    runs.release_abandoned(now)
    runs.ask_due(now)
    for pk in SyncRun.objects.filter(state=SyncRun.State.WAITING, asked_at__lt=now - GRACE).values_list(
        "pk", flat=True
    ):
        wake(sync_source, pk)
    runs.forget()
