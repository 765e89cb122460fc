"""What an agent decides about a draft.

Invariant: a decision, the draft's new state and the outgoing reply are one transaction, and each draft is decided
once: every change says which state it leaves, so the slower of two people gets TooLate.
"""

import difflib
from collections.abc import Collection, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from knowledge.models import ArticleVersion, Visibility
from tickets import tasks, translations
from tickets.drafts import Wish, request_draft
from tickets.locks import lock_ticket
from tickets.models import Draft, Reply, Review, Ticket, User
from tickets.rendering import plain_text
from tickets.wake import wake

UNDO_SECONDS = 10


class TooLate(Exception):
    """The draft is no longer open to this decision: a colleague, or a newer draft, was quicker."""


class NowInternal(Exception):
    """An article that the draft quotes has become internal since: a new draft will do without it."""


class Unconfirmed(Exception):
    """Sentences of the reply are translations that nobody has confirmed; `sentences` are their places."""

    def __init__(self, sentences: Sequence[int]) -> None:
        super().__init__()
        self.sentences = sentences


class EmptyReply(ValueError):
    """There is nothing to send."""


@transaction.atomic
def approve(draft: Draft, user: User, text: str, *, seconds: float, confirm: bool = False) -> Review:
    """Accept `text` and queue it for the helpdesk, held back for a while; `confirm` its translations with it.

    Raises TooLate, EmptyReply, NowInternal, Unconfirmed.
    """
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise EmptyReply
    lock_ticket(draft)
    proposed = plain_text(draft).strip()
    if draft.citations.filter(passage__version__article__versions__in=_now_internal()).exists():
        raise NowInternal
    _settle_translations(draft, user, text, confirm)
    _move(draft, Draft.OPEN, Draft.State.ACCEPTED)
    outcome = Review.Outcome.APPROVED if text == proposed else Review.Outcome.EDITED
    review = Review.objects.create(
        draft=draft, reviewer=user, outcome=outcome, seconds=seconds, diff=_diff(proposed, text)
    )
    _queue(review, draft.ticket, text, user)
    Ticket.objects.filter(pk=draft.ticket_id).update(
        state=Ticket.State.ANSWERED, assignee=user, assigned_at=timezone.now()
    )
    return review


@transaction.atomic
def reject(draft: Draft, user: User, reason: str, note: str, *, seconds: float) -> Review:
    """Refuse the draft, and say why. Raises TooLate."""
    lock_ticket(draft)
    _move(draft, Draft.OPEN, Draft.State.REJECTED)
    if reason == Review.Reason.NO_REPLY:
        Ticket.objects.filter(pk=draft.ticket_id).update(state=Ticket.State.ANSWERED)
    return Review.objects.create(
        draft=draft, reviewer=user, outcome=Review.Outcome.REJECTED, reason=reason, note=note[:500], seconds=seconds
    )


@transaction.atomic
def regenerate(draft: Draft, user: User, wish: Wish) -> Draft:
    """A new draft for the same message, as the agent wishes. Raises TooLate."""
    lock_ticket(draft)
    if _is_stale(draft):
        raise TooLate
    _move(draft, (*Draft.OPEN, Draft.State.REJECTED), Draft.State.SUPERSEDED)
    return request_draft(draft.message, wish, former=draft)


@transaction.atomic
def go_back(draft: Draft, user: User) -> Draft:
    """Drop a redraft on which nobody has decided, and open the draft that it replaced again. Raises TooLate."""
    lock_ticket(draft)
    former = draft.former
    if former is None or _is_stale(draft) or not Draft.objects.filter(pk=draft.pk, state__in=Draft.LIVE).delete()[0]:
        raise TooLate
    was_rejected = Review.objects.filter(draft=former, outcome=Review.Outcome.REJECTED).exists()
    _move(former, (Draft.State.SUPERSEDED,), Draft.State.REJECTED if was_rejected else _open_state(former))
    return former


def _is_stale(draft: Draft) -> bool:
    """Whether a newer message, or a colleague, has brought another draft."""
    return Draft.objects.filter(ticket=draft.ticket_id, pk__gt=draft.pk).exists()


@transaction.atomic
def undo(review: Review, user: User) -> Draft:
    """Take a decision back: while its reply has not left, or while no newer draft took its place. Raises TooLate."""
    draft = review.draft
    lock_ticket(draft)
    if review.outcome == Review.Outcome.REJECTED:
        if Draft.objects.filter(message=draft.message, state__in=Draft.LIVE).exists():
            raise TooLate
    elif not Reply.objects.filter(review=review, state=Reply.State.QUEUED, attempts=0).delete()[0]:
        raise TooLate
    _move(draft, (Draft.State.ACCEPTED, Draft.State.REJECTED), _open_state(draft))
    review.delete()
    Ticket.objects.filter(pk=draft.ticket_id).update(state=Ticket.State.OPEN)
    return draft


def _settle_translations(draft: Draft, user: User, text: str, confirm: bool) -> None:
    """Every translation that leaves has been confirmed by somebody, at the latest by who sends it."""
    waiting = translations.unconfirmed(draft, text)
    if confirm:
        translations.confirm(draft, waiting, user)
    elif waiting and Draft.objects.filter(pk=draft.pk, state__in=Draft.OPEN).exists():
        raise Unconfirmed(waiting)


def _now_internal() -> QuerySet[ArticleVersion]:
    """The versions that are current and internal."""
    return ArticleVersion.objects.filter(visibility=Visibility.INTERNAL, passages__current=True)


def _open_state(draft: Draft) -> str:
    """A draft that failed has no writer; one that abstained says why; one that answered has no reason."""
    if not draft.writer:
        return Draft.State.FAILED
    return Draft.State.ABSTAINED if draft.reason else Draft.State.READY


def _move(draft: Draft, leaves: Collection[str], state: str) -> None:
    if Draft.objects.filter(pk=draft.pk, state__in=leaves).update(state=state) != 1:
        raise TooLate
    draft.state = state


def _queue(review: Review, ticket: Ticket, text: str, user: User) -> None:
    reply = Reply.objects.create(
        review=review,
        ticket=ticket,
        body=f"{text}\n{user.display_name}",  # the draft ends in a closing phrase; who approved it signs it
        not_before=timezone.now() + timedelta(seconds=UNDO_SECONDS),
    )
    wake(tasks.deliver_reply, reply.pk, seconds=UNDO_SECONDS)


def _diff(before: str, after: str) -> str:
    """A unified diff by lines; empty when nothing was changed."""
    return "\n".join(difflib.unified_diff(before.splitlines(), after.splitlines(), "draft", "sent", lineterm="", n=0))
