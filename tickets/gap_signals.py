"""What shows that the knowledge base lacked something.

Invariant: a question is read redacted; one that wants no article (a greeting, an order's state) is no signal.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from copilot.drafting.kinds import NO_ARTICLE_HELPS
from knowledge.clusters import Question
from tickets.models import Asked, Citation, Draft, GapQuestion, Reply, Review, Ticket

Sign = GapQuestion.Sign
# How far back questions count, and how many are read at once.
DAYS = 180
AT_ONCE = 500
LONGEST = 2000
_UNFINISHED = (Draft.State.PENDING, Draft.State.WORKING, Draft.State.FAILED, Draft.State.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Signal:
    """One question, from a ticket or from a colleague, and what showed that it had no good answer."""

    question: Question
    sign: str
    moment: datetime
    ticket: Ticket | None = None
    asked: Asked | None = None


def signals(now: datetime) -> list[Signal]:
    """Those that are in no gap yet, oldest first."""
    since = now - timedelta(days=DAYS)
    tickets = [
        Signal(question_of_ticket(ticket), _sign(ticket), ticket.created_at, ticket=ticket)
        for ticket in _tickets(since)[:AT_ONCE]
    ]
    unhelped = Asked.objects.filter(created_at__gte=since, gap_question=None).filter(
        Q(answered=False) | Q(feedback__in=(Asked.Feedback.WRONG, Asked.Feedback.OUTDATED))
    )
    asked = [
        Signal(_of_asked(row), Sign.FEEDBACK if row.feedback else Sign.ABSTAINED, row.created_at, asked=row)
        for row in unhelped.exclude(feedback=Asked.Feedback.USEFUL).order_by("created_at")[:AT_ONCE]
    ]
    return sorted([*tickets, *asked], key=lambda signal: signal.moment)


def question_of(row: GapQuestion) -> Question:
    """The words of a question, redacted."""
    return (
        question_of_ticket(row.ticket)
        if row.ticket
        else _of_asked(row.asked)
        if row.asked
        else Question(0, "", "", "en")
    )


def _tickets(since: datetime) -> QuerySet[Ticket]:
    """Tickets with a sign; `sign_*` say which."""
    drafts = Draft.objects.filter(ticket=OuterRef("pk")).exclude(reason="").exclude(state__in=_UNFINISHED)
    rejected = Review.objects.filter(
        draft__ticket=OuterRef("pk"), outcome=Review.Outcome.REJECTED, reason__in=Review.ABOUT_SOURCES
    )
    cited = Citation.objects.filter(draft__ticket=OuterRef("pk"))
    replied = Reply.objects.filter(ticket=OuterRef("pk")).exclude(state=Reply.State.FAILED)
    signed = Ticket.objects.filter(created_at__gte=since, gap_question=None).annotate(
        sign_abstained=Exists(drafts) & ~Exists(cited), sign_rejected=Exists(rejected),
        sign_uncited=Exists(replied) & ~Exists(cited),
    )  # fmt: skip
    shown = signed.filter(Q(sign_abstained=True) | Q(sign_rejected=True) | Q(sign_uncited=True))
    return shown.exclude(drafts__reason__in=NO_ARTICLE_HELPS).order_by("created_at")


def _sign(ticket: Ticket) -> str:
    said = {Sign.REJECTED: "sign_rejected", Sign.ABSTAINED: "sign_abstained"}
    return next((sign for sign, name in said.items() if getattr(ticket, name)), Sign.UNCITED)


def question_of_ticket(ticket: Ticket) -> Question:
    """The words of a ticket, redacted. The first message says what is wanted; later ones add to it."""
    message = ticket.messages.filter(author="requester").order_by("sent_at").first()
    text = message.redacted[:LONGEST] if message else ""
    return Question(ticket.pk, ticket.redact(ticket.subject).text, text, ticket.language)


def _of_asked(row: Asked) -> Question:
    return Question(row.pk, "", row.question, row.language)
