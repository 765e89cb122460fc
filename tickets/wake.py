"""Waking a worker.

Invariant: what there is to do is committed before this is called, so a wake-up that is lost delays work until the
next sweep and loses nothing.
"""

import logging
from typing import Any

from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from tickets import problems
from tickets.models import Problem

log = logging.getLogger(__name__)


def wake(task: Any, *arguments: int | str, seconds: float = 0) -> None:
    """Enqueue `task` after the current transaction commits, `seconds` from then; a dead Redis is only logged."""
    transaction.on_commit(lambda: _publish(task, arguments, seconds))


def _publish(task: Any, arguments: tuple[int | str, ...], seconds: float) -> None:
    try:
        task.apply_async(args=arguments, countdown=seconds or None)
    except (OperationalError, RedisError, OSError) as error:
        problems.note(Problem.Kind.REDIS)
        log.warning("%s was not woken (%s); the sweep will find its work", task.name, type(error).__name__)
