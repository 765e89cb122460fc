"""Drafts asked for, and drafts written: a batch from its claim to its last save.

Invariant: whatever happens to a draft while it is written, it ends ready, abstained, failed, waiting again or taken
away by a newer one; a worker that dies leaves it to the sweep.
"""

import logging
from dataclasses import dataclass

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from copilot.inference.manifest import ModelUnusable
from tickets import board, claims, problems, tasks, workers
from tickets.attached import is_being_read, words_of
from tickets.audit.calls import about
from tickets.models import Draft, Message, Problem
from tickets.stages import NotOurs, Stages, TooSlow
from tickets.wake import wake
from tickets.writing import save, write

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """What an agent asks of a draft: a hint, another language than the ticket's, passages (ids) to use or not to."""

    hint: str = ""
    language: str = ""
    excluded: tuple[int, ...] = ()
    pinned: tuple[int, ...] = ()


def request_draft(message: Message, wish: Wish | None = None, former: Draft | None = None) -> Draft:
    """A pending draft for `message`; every other live draft of the ticket is superseded. Call in a transaction.

    With a `wish` a person waits for it.
    """
    Draft.objects.filter(ticket=message.ticket, state__in=Draft.LIVE).update(state=Draft.State.SUPERSEDED)
    if not message.body and not words_of(message):
        # Nothing to draft from, such as a mail that is one picture; the agent can still read it there and answer.
        reason = "reading" if is_being_read(message) else "no_text"
        return Draft.objects.create(
            ticket=message.ticket, message=message, state=Draft.State.FAILED, reason=reason, former=former
        )
    priority, asked = (Draft.Priority.PERSON, wish) if wish else (Draft.Priority.NEW, Wish())
    draft = Draft.objects.create(
        ticket=message.ticket, message=message, priority=priority, former=former, hint=asked.hint[:500],
        language=asked.language, excluded=list(asked.excluded), pinned=list(asked.pinned),
    )  # fmt: skip
    wake(tasks.draft_pending)
    return draft


def draft_batch() -> bool:
    """Claim a batch, write each draft, and say whether more are waiting."""
    batch = claims.claim()
    left = list(batch)
    try:
        while left:
            _work(left.pop(0))
            if left and left[0].priority != Draft.Priority.PERSON and claims.person_waits():
                break  # who waits at a page waits for one draft of others, not for a batch of them
    except SoftTimeLimitExceeded:
        log.warning("out of time: the drafts of this batch that were not begun wait again")
    claims.release(left)
    workers.report(len(batch) - len(left))
    return claims.due().exists()


def _work(draft: Draft) -> None:
    if not claims.begin(draft):
        return
    try:
        stages = Stages(draft)
        with about(f"ticket:{draft.ticket_id}", draft=draft.pk):
            written = write(draft, stages)
        save(draft, written, stages.done())
    except NotOurs:
        log.info("draft %s was taken away while it was written", draft.pk)
    except Exception as error:  # counted, or a poisoned draft would be claimed for ever
        # The message of an exception may quote a customer; its type does not.
        log.error("draft %s could not be written: %s", draft.pk, type(error).__name__)
        _failed(draft, error)
        if isinstance(error, SoftTimeLimitExceeded):
            raise
    finally:
        board.clear(draft)


def _failed(draft: Draft, error: Exception) -> None:
    """Give the draft back, and tell the administrator what a person has to put right."""
    if isinstance(error, OperationalError | InterfaceError):
        connection.close()  # the next query opens a new one; while there is none, the draft is left to the sweep
    claims.give_back(draft, _reason(error))
    if isinstance(error, ModelUnusable):
        problems.note(Problem.Kind.EMBEDDER, str(error))
    if isinstance(error, DatabaseError | InterfaceError):
        problems.note(Problem.Kind.DATABASE, type(error).__name__)


def _reason(error: Exception) -> str:
    """A code that the desk puts into words, or the error's type."""
    if isinstance(error, TooSlow | SoftTimeLimitExceeded):
        return "too_slow"
    if isinstance(error, ModelUnusable):
        return "no_embedder"
    if isinstance(error, OperationalError | InterfaceError):
        return "database_gone"
    return f"internal error ({type(error).__name__})"
