"""Which drafts a worker takes next, and what becomes of those that it does not finish.

Invariant: a draft is written by whoever holds its claim. The claim is taken and given back by conditional UPDATEs,
so a worker that died, or came back too late, cannot overwrite another's work; and a draft that was tried
MAX_ATTEMPTS times is dead: failed, with its reason, for a person to look at.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Length
from django.utils import timezone

from tickets import tasks
from tickets.models import Draft
from tickets.models.ticket import Urgency
from tickets.wake import wake

BATCH = 4
# Roughly: four letters are a token. A ticket longer than this is a batch of its own.
BATCH_TOKENS = 8000
LOOK_AHEAD = 40
MAX_ATTEMPTS = 3
# Seconds before the second attempt and before the third.
BACK_OFF = (5, 30)
_WAITING: dict[str, Any] = {"state": Draft.State.PENDING, "claim": None}
_ORDER = ("priority", Case(When(ticket__urgency=Urgency.HIGH, then=0), default=1), "created_at", "pk")


def due() -> QuerySet[Draft]:
    """The drafts that wait for a worker now."""
    may = Q(not_before=None) | Q(not_before__lte=timezone.now())
    return Draft.objects.filter(may, state=Draft.State.PENDING)


def claim() -> list[Draft]:
    """A batch of waiting drafts, marked as ours: a person's first, then urgent ones, then the oldest.

    Of those that follow the first, only tickets of similar length come along, so that short ones never wait for a
    long one that was claimed with them.
    """
    tokens = (Length("message__redacted") + Length("ticket__subject")) / Value(4)
    waiting = due().annotate(tokens=tokens).order_by(*_ORDER).values_list("pk", "tokens")[:LOOK_AHEAD]
    return _take(_alike(list(waiting)))


def _alike(waiting: Sequence[tuple[int, int]]) -> list[int]:
    """Of drafts with their lengths in tokens: the first, and those like it, as far as a batch goes."""
    taken: list[int] = []
    room = BATCH_TOKENS
    for pk, tokens in waiting:
        if taken and (_bucket(tokens) != _bucket(waiting[0][1]) or tokens > room):
            continue
        taken.append(pk)
        room -= tokens
    return taken[:BATCH]


def _bucket(tokens: int) -> int:
    """Lengths within a factor of four share a bucket; below 128 tokens they all take the same time."""
    return max(tokens, 128).bit_length() // 2


@transaction.atomic
def _take(keys: Sequence[int]) -> list[Draft]:
    """Those of `keys` that no other worker was quicker to take, in their order."""
    free = Draft.objects.select_for_update(skip_locked=True).filter(pk__in=keys, state=Draft.State.PENDING)
    mine, now = uuid.uuid4(), timezone.now()
    free_keys = list(free.order_by().values_list("pk", flat=True))
    Draft.objects.filter(pk__in=free_keys).update(state=Draft.State.WORKING, claim=mine, claimed_at=now)
    drafts = Draft.objects.select_related("ticket__team", "message").in_bulk(free_keys)
    return [drafts[pk] for pk in keys if pk in drafts]


def person_waits() -> bool:
    """Whether somebody looks at a page that waits for a draft which nobody has begun."""
    return due().filter(priority=Draft.Priority.PERSON).exists()


def held(draft: Draft) -> QuerySet[Draft]:
    """The draft's row while the claim is still ours, else nothing."""
    return Draft.objects.filter(pk=draft.pk, state=Draft.State.WORKING, claim=draft.claim)


def begin(draft: Draft) -> bool:
    """Count the attempt and renew the lease, if the claim is still ours: a draft nobody began has not failed."""
    begun = held(draft).update(attempts=F("attempts") + 1, claimed_at=timezone.now()) == 1
    draft.attempts += begun
    return begun


def renew(draft: Draft) -> bool:
    """Renew the lease; False when a newer message, or another worker, has taken the draft away."""
    return held(draft).update(claimed_at=timezone.now()) == 1


def release(drafts: Iterable[Draft]) -> None:
    """Give back drafts of one batch that were not begun."""
    for draft in drafts:
        held(draft).update(**_WAITING)


def give_back(draft: Draft, reason: str) -> None:
    """Waiting again, a little later; or failed for `reason` after MAX_ATTEMPTS."""
    if draft.attempts >= MAX_ATTEMPTS:
        held(draft).update(state=Draft.State.FAILED, reason=reason[:300], ready_at=timezone.now())
        return
    seconds = BACK_OFF[max(draft.attempts, 1) - 1]
    held(draft).update(not_before=timezone.now() + timedelta(seconds=seconds), reason=reason[:300], **_WAITING)
    wake(tasks.draft_pending, seconds=seconds)


def release_abandoned() -> int:
    """Give back what a dead worker had claimed; one that was abandoned too often has failed."""
    cutoff = timezone.now() - timedelta(seconds=settings.DRAFT_LEASE_SECONDS)
    abandoned = Draft.objects.filter(state=Draft.State.WORKING, claimed_at__lt=cutoff)
    failed = abandoned.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=Draft.State.FAILED, reason="worker_died", ready_at=timezone.now()
    )
    return failed + abandoned.update(**_WAITING)


def dead() -> QuerySet[Draft]:
    """The drafts that were given up after every attempt, and that nobody has decided on."""
    return Draft.objects.filter(state=Draft.State.FAILED, attempts__gte=MAX_ATTEMPTS)


def try_again(drafts: QuerySet[Draft]) -> int:
    """Give dead drafts another chance, after a repair; how many."""
    again = drafts.filter(pk__in=dead()).update(
        **_WAITING, attempts=0, reason="", not_before=None, ready_at=None, priority=Draft.Priority.MACHINE
    )
    wake(tasks.draft_pending)
    return again
