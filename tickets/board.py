"""How far a draft that is being written has come, for the page that waits for it; kept in Redis only.

Invariant: losing this loses nothing. It holds checked sentences only, sealed, since a Redis file may keep what was
deleted from it; and it is gone when the draft is there, or soon after its worker died.
"""

import json
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

from copilot.sealed import CannotDecrypt, seal, unseal
from tickets import problems
from tickets.models import Draft, Problem

log = logging.getLogger(__name__)

SECONDS = 120
# After a failure Redis is left alone for a while: a draft must not wait for it at every sentence.
PAUSE = 15.0
_away_until = 0.0


@dataclass(frozen=True, slots=True)
class Seen:
    """The stage that a worker is at, and the sentences it has checked so far."""

    stage: str
    sentences: Sequence[str]


def put(draft: Draft, stage: str, sentences: Sequence[str]) -> None:
    """Say where the draft is; forgotten by itself after a while."""
    said = seal(json.dumps({"claim": str(draft.claim), "stage": stage, "sentences": list(sentences)}))
    _try(lambda redis: redis.set(_key(draft), said, ex=SECONDS))


def clear(draft: Draft) -> None:
    """Forget it."""
    _try(lambda redis: redis.delete(_key(draft)))


def forget(keys: Sequence[int]) -> None:
    """Forget drafts that were erased."""
    for pk in keys:
        _try(lambda redis, pk=pk: redis.delete(f"souffleur:draft:{pk}"))


def read(draft: Draft) -> Seen | None:
    """Where the draft is, as far as the worker that holds it now has said; None when nothing is known."""
    kept = _try(lambda redis: redis.get(_key(draft)))
    try:
        said = json.loads(unseal(kept.decode())) if kept else {}
    except (CannotDecrypt, ValueError):
        return None
    return Seen(said["stage"], said["sentences"]) if said.get("claim") == str(draft.claim) else None


def _key(draft: Draft) -> str:
    return f"souffleur:draft:{draft.pk}"


def _try(ask: Any) -> Any:
    """What Redis answers, or None when it does not; then it is not asked for a while."""
    global _away_until  # noqa: PLW0603  one Redis a process
    if time.monotonic() < _away_until:
        return None
    try:
        return ask(_redis(settings.CELERY_BROKER_URL))
    except (RedisError, OSError, ValueError) as error:
        _away_until = time.monotonic() + PAUSE
        log.warning("drafts show no progress: Redis does not answer (%s)", type(error).__name__)
        problems.note(Problem.Kind.REDIS)
        return None


@lru_cache(maxsize=2)
def _redis(url: str) -> "Redis":
    """The broker's Redis, which gives up quickly. Celery writes a socket's address in its own way."""
    return Redis.from_url(url.replace("redis+socket://", "unix://"), socket_timeout=0.5, socket_connect_timeout=0.5)
