"""What puts one ticket before another in a queue.

Invariant: all of it is worked out by PostgreSQL, so that a page of the queue is one query however long the queue is.
"""

from datetime import UTC, datetime

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Greatest

from tickets.models import Message, Reply, Ticket
from tickets.models.ticket import Priority, Urgency

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def with_answer(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """With the moment of our last answer, from the helpdesk or from our own outbox."""
    spoken = Message.objects.filter(ticket=OuterRef("pk"), author=Message.Author.AGENT).order_by("-sent_at")
    replied = Reply.objects.filter(ticket=OuterRef("pk")).exclude(state=Reply.State.FAILED)
    return tickets.alias(
        answered_at=Greatest(
            Subquery(spoken.values("sent_at")[:1]),
            Subquery(replied.order_by("-created_at").values("created_at")[:1]),
            Value(LONG_AGO),
        )
    )


def unanswered() -> Subquery:
    """Since when the requester waits: their first message after our last answer, not their last reminder."""
    asked = Message.objects.filter(
        ticket=OuterRef("pk"), author=Message.Author.REQUESTER, sent_at__gt=OuterRef("answered_at")
    )
    return Subquery(asked.order_by("sent_at").values("sent_at")[:1])


def rank() -> Case:
    """Urgent ones first, unless a rule ranks them; answered ones, which only a search finds, last."""
    return Case(
        When(state=Ticket.State.ANSWERED, then=Value(9)),
        When(priority=Priority.HIGH, then=Value(0)),
        When(priority=Priority.LOW, then=Value(2)),
        When(urgency=Urgency.HIGH, priority="", then=Value(0)),
        default=Value(1),
    )


def teaches(view: str) -> Case | Value:
    """What its label would teach (`tickets.teaching`): it orders triage only, and there only what waits for a label."""
    if view != "triage":
        return Value(0.0)
    return Case(
        When(triage=Ticket.Triage.UNSURE, question__isnull=False, then=F("question__teaches")), default=Value(0.0)
    )
