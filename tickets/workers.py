"""What the inference workers hold: their memory, said after every batch.

Invariant: a worker that has grown beyond WORKER_MEMORY_MB ends after its batch and another takes its place. Celery's
prefork pool does that by itself (`worker_max_memory_per_child`); other pools have no such limit, and no time limits.
"""

import logging
import os
import resource
import socket
from datetime import UTC, datetime, timedelta

import psutil
from celery import current_task
from django.utils import timezone

from copilot.inference.resident import resident_megabytes
from tickets.models import Worker

log = logging.getLogger(__name__)

FORGET = timedelta(days=1)
_begun = 0


def report(drafts: int) -> None:
    """Log what this process holds, and keep it for the administrators' page. Nothing is said of an empty batch."""
    global _begun  # noqa: PLW0603  one worker a process
    _begun += drafts
    if not drafts:
        return
    held = {
        "pid": os.getpid(),
        "resident": resident_megabytes(),
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 2**10,
        "drafts": _begun,
        "started_at": datetime.fromtimestamp(psutil.Process().create_time(), UTC),
        "seen_at": timezone.now(),
    }
    log.info("%d drafts; %d MB resident, %d MB at most", drafts, held["resident"], held["peak"])
    Worker.objects.update_or_create(name=_name(), defaults=held)


def forget() -> None:
    """Drop what workers said that have been gone for long."""
    Worker.objects.filter(seen_at__lt=timezone.now() - FORGET).delete()


def _name() -> str:
    """The worker's name as Celery knows it."""
    return str((current_task and current_task.request.hostname) or socket.gethostname())
