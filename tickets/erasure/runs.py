"""Erasures: asked for, worked through by one worker, ended with a certificate.

Invariant: one erasure is open at most, and only the holder of its claim changes it. Every step finds by itself what is
left to do, so one that died half-way is finished by whoever takes it next: the sweep, or a person who asks again.
"""

import json
import logging
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from tickets import tasks
from tickets.erasure import person
from tickets.erasure.knows import Knows
from tickets.erasure.steps import Later, Lost, Steps
from tickets.models import Erasure, Helpdesk, User
from tickets.wake import wake

log = logging.getLogger(__name__)
State = Erasure.State
# A worker says at every step and batch that it lives.
LEASE = timedelta(minutes=10)
MAX_ATTEMPTS = 20
SOON = 10


class Open(Exception):
    """Another erasure is under way; one at a time."""


def ask(
    address: str, *, actor: str, user: User | None = None, helpdesk: Helpdesk | None = None,
    articles: Iterable[int] = (), scrubs: bool = False,
) -> Erasure:  # fmt: skip
    """Begin an erasure, or the one of this address that failed or waits again. Raises `person.NoAddress` and Open."""
    known = Knows(person.folded(address), articles=sorted(articles))
    digest = person.digest(address)
    unfinished = Erasure.objects.filter(digest=digest, helpdesk=helpdesk).exclude(state=State.DONE).first()
    try:
        with transaction.atomic():
            erasure = _again(unfinished) if unfinished else Erasure.objects.create(
                digest=digest, helpdesk=helpdesk, remembers=json.dumps(asdict(known)), asked_by=user, actor=actor,
                scrubs=scrubs,
            )  # fmt: skip
    except IntegrityError as error:
        raise Open from error
    wake(tasks.erase, erasure.pk)
    return erasure


def resume(erasure: Erasure) -> None:
    """Take up one that failed. Raises Open."""
    try:
        with transaction.atomic():
            _again(erasure)
    except IntegrityError as error:
        raise Open from error
    wake(tasks.erase, erasure.pk)


def _again(erasure: Erasure) -> Erasure:
    Erasure.objects.filter(pk=erasure.pk, state=State.FAILED).update(
        state=State.WAITING, attempts=0, error="", claim=None, lease_until=None
    )
    erasure.refresh_from_db()
    return erasure


def matching(address: str) -> QuerySet[Erasure]:
    """Past and present erasures of this address."""
    return Erasure.objects.filter(digest=person.digest(address))


def due(now: datetime) -> QuerySet[Erasure]:
    """Open ones that nobody works on."""
    return Erasure.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), state__in=Erasure.OPEN)


def look_after(now: datetime) -> None:
    """Wake a worker for those that were left behind."""
    for pk in due(now).values_list("pk", flat=True):
        wake(tasks.erase, pk)


def work(pk: int, *, until: float | None = None) -> bool:
    """Take it as far as it goes, by `until` (of the monotonic clock) at the latest; whether it is done."""
    erasure = _claim(pk)
    if erasure is None:
        return False
    try:
        Steps(erasure, LEASE, until).go()
    except Lost:
        return False
    except Later:
        _let_go(erasure)
        wake(tasks.erase, pk, seconds=SOON)
        return False
    except Exception as error:
        # The message of an exception may quote a customer; its type does not.
        log.error("erasure %s stopped at %s: %s", pk, erasure.step, type(error).__name__)
        _let_go(erasure, type(error).__name__)
        raise
    return True


def _claim(pk: int) -> Erasure | None:
    now = timezone.now()
    free = due(now).filter(pk=pk)
    if free.filter(attempts__gte=MAX_ATTEMPTS).update(state=State.FAILED, claim=None, lease_until=None):
        return None
    mine = uuid4()
    values = {"state": State.RUNNING, "claim": mine, "lease_until": now + LEASE, "attempts": F("attempts") + 1}
    if free.update(**values) != 1:
        return None
    return Erasure.objects.select_related("helpdesk").get(pk=pk)


def _let_go(erasure: Erasure, error: str = "") -> None:
    held = Erasure.objects.filter(pk=erasure.pk, claim=erasure.claim, state__in=Erasure.OPEN)
    held.update(claim=None, lease_until=None, error=error)
    if not error:
        held.model.objects.filter(pk=erasure.pk).update(attempts=0)
