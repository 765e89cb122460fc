"""Summaries asked for, claimed, made and kept.

Invariant: a summary is asked for in the transaction that brings its newest message, and kept only while its claim is
ours, so what is kept never hides a message that arrived meanwhile. No draft waits for one: before each summary it is
asked whether a draft is due.
"""

import logging
import time
import uuid
from datetime import timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Length
from django.utils import timezone

from copilot.inference.generator import Generator
from tickets import claims, condensing, tasks
from tickets.audit.calls import about, write_calls
from tickets.models import Message, Summary, Ticket
from tickets.wake import wake
from tickets.writing import writer
from tickets.yielding import Yielding

log = logging.getLogger(__name__)

# What takes longer to read than its summary: see docs/summary.md.
MANY_MESSAGES, MANY_CHARACTERS, FEW_CHARACTERS = 3, 1200, 600
BATCH = 8
MAX_ATTEMPTS = 3
BACK_OFF = (10, 60)
# When to ask a model again that gave way to a draft.
LATER = timedelta(seconds=2)
TOO_SLOW = "the model took too long"
_WAITING = {"state": Summary.State.PENDING, "claim": None}


def is_long(messages: QuerySet[Message]) -> bool:
    """Whether a conversation takes long enough to read."""
    size = messages.order_by().aggregate(messages=Count("pk"), characters=Sum(Length("redacted")))
    characters = size["characters"] or 0
    return characters > MANY_CHARACTERS or (size["messages"] > MANY_MESSAGES and characters > FEW_CHARACTERS)


def want(ticket: Ticket) -> None:
    """A new message is here: if the ticket is long, a summary that knows of it. Call in its transaction."""
    wanted = {"state": Summary.State.PENDING, "claim": None, "attempts": 0, "not_before": None}
    if not Summary.objects.filter(ticket=ticket).update(**wanted, asked_at=timezone.now()):
        if not is_long(ticket.messages.all()):
            return
        Summary.objects.get_or_create(ticket=ticket)
    wake(tasks.summarise_pending)


def due() -> QuerySet[Summary]:
    """The summaries that wait for a worker now."""
    may = Q(not_before=None) | Q(not_before__lte=timezone.now())
    return Summary.objects.filter(may, state=Summary.State.PENDING)


def make_batch() -> bool:
    """Make a few summaries, and say whether more wait. As soon as a draft is due, no: its task wakes us after it."""
    for _ in range(BATCH):
        if claims.due().exists():
            return False
        summary = claim()
        if summary is None:
            return False
        _make(summary)
    return due().exists()


@transaction.atomic
def claim() -> Summary | None:
    """The summary that has waited longest, marked as ours."""
    summary = due().select_for_update(skip_locked=True).order_by("asked_at", "pk").first()
    if summary is None:
        return None
    summary.state, summary.claim, summary.claimed_at = Summary.State.WORKING, uuid.uuid4(), timezone.now()
    summary.attempts += 1
    summary.save(update_fields=["state", "claim", "claimed_at", "attempts"])
    return summary


def held(summary: Summary) -> QuerySet[Summary]:
    """The row while the claim is still ours, else nothing."""
    return Summary.objects.filter(pk=summary.pk, state=Summary.State.WORKING, claim=summary.claim)


def _make(summary: Summary) -> None:
    began = time.perf_counter()
    try:
        with about(f"ticket:{summary.ticket_id}", summary=summary.pk):
            _make_of(summary, began)
    except Exception as error:  # counted, or a poisoned summary would be claimed for ever
        # The message of an exception may quote a customer; its type does not.
        log.error("summary %s could not be made: %s", summary.pk, type(error).__name__)
        if isinstance(error, OperationalError | InterfaceError):
            connection.close()
        give_back(summary)
        if isinstance(error, SoftTimeLimitExceeded):
            raise


def _make_of(summary: Summary, began: float) -> None:
    found = condensing.condense(summary.ticket)
    model, note = writer()
    if not found.may_be_reworded_by(model):
        _keep(summary, found, Summary.State.READY, began, note)
    elif model and _keep(summary, found, Summary.State.WORKING, began):  # to be read while the model writes
        _reword(summary, found, model, began)


def _reword(summary: Summary, found: condensing.Condensed, model: Generator, began: float) -> None:
    """In the model's words, unless a draft comes to wait meanwhile: then later."""
    with Yielding() as stop:
        said = condensing.say_better(found, model, stop)
    if stop.for_a_draft:
        later = timezone.now() + LATER
        held(summary).update(**_WAITING, attempts=summary.attempts - 1, not_before=later)
        wake(tasks.summarise_pending, seconds=LATER.total_seconds())
    else:
        _keep(summary, said, Summary.State.READY, began, TOO_SLOW if stop.is_late else "")


@transaction.atomic
def _keep(summary: Summary, found: condensing.Condensed, state: Summary.State, began: float, note: str = "") -> bool:
    """Keep the lines, if the claim is still ours."""
    made = found.made
    kept = held(summary).update(
        state=state, lines=found.lines, made_from=found.made_from, writer=made.writer, recipe=made.recipe,
        note=note or made.note, seconds=time.perf_counter() - began, made_at=timezone.now(),
    )  # fmt: skip
    write_calls()
    return kept == 1


def give_back(summary: Summary) -> None:
    """Waiting again, a little later; or failed after MAX_ATTEMPTS: what was made before stays."""
    if summary.attempts >= MAX_ATTEMPTS:
        held(summary).update(state=Summary.State.FAILED)
        return
    later = timezone.now() + timedelta(seconds=BACK_OFF[max(summary.attempts, 1) - 1])
    held(summary).update(not_before=later, **_WAITING)


def release_abandoned() -> int:
    """Give back what a dead worker had claimed; one that was abandoned too often has failed."""
    cutoff = timezone.now() - timedelta(seconds=settings.DRAFT_LEASE_SECONDS)
    abandoned = Summary.objects.filter(state=Summary.State.WORKING, claimed_at__lt=cutoff)
    failed = abandoned.filter(attempts__gte=MAX_ATTEMPTS).update(state=Summary.State.FAILED)
    return failed + abandoned.update(**_WAITING)
