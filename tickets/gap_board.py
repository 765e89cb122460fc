"""Gaps as managers read them: how many questions, since when, more or fewer, and whether an article has helped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Prefetch, Q
from django.utils import timezone

from knowledge.clusters import Question
from tickets.access import visible_tickets
from tickets.gap_signals import question_of
from tickets.models import Gap, GapQuestion, User

WEEKS = 8
EXAMPLES = 5


@dataclass(frozen=True)
class Row:
    """One gap. `weeks` are its questions in each of the last weeks, oldest first; `since` those after publishing."""

    gap: Gap
    count: int
    last: datetime | None
    weeks: Sequence[int]
    since: int | None

    @property
    def trend(self) -> int:
        """Questions of the last four weeks, less those of the four before."""
        return sum(self.weeks[WEEKS // 2 :]) - sum(self.weeks[: WEEKS // 2])

    @property
    def is_closed(self) -> bool:
        """Whether nobody had to ask since the article was published."""
        return self.since == 0

    @property
    def peak(self) -> int:
        """The most questions in one week, for drawing."""
        return max(1, *self.weeks)


def rows(states: Sequence[str]) -> list[Row]:
    """The gaps in these states, the largest first."""
    now = timezone.now()
    asked = Prefetch("questions", queryset=GapQuestion.objects.only("gap_id", "asked_at"))
    gaps = Gap.objects.filter(state__in=states).select_related("assigned_to", "article", "best__version__article")
    counted = gaps.prefetch_related(asked).annotate(count=Count("questions"), last=Max("questions__asked_at"))
    return [_row(gap, now) for gap in counted.order_by("-count", "-last", "pk")]


def row(gap: Gap) -> Row:
    """One gap."""
    counted = Gap.objects.annotate(count=Count("questions"), last=Max("questions__asked_at"))
    return _row(
        counted.select_related("assigned_to", "article", "best__version__article").get(pk=gap.pk), timezone.now()
    )


def counts() -> dict[str, int]:
    """How many gaps are in each state."""
    each = {state: Count("pk", filter=Q(state=state)) for state in Gap.State.values}
    return Gap.objects.aggregate(**each)


def examples(gap: Gap, user: User) -> list[tuple[GapQuestion, Question]]:
    """A few questions, the newest first, redacted: of colleagues, and of tickets that `user` sees."""
    seen = gap.questions.filter(Q(ticket=None) | Q(ticket__in=visible_tickets(user)))
    return [(row, question_of(row)) for row in seen.select_related("ticket", "asked")[:EXAMPLES]]


def _row(gap: Gap, now: datetime) -> Row:
    moments = [question.asked_at for question in gap.questions.all()]
    ages = [(now - moment) // timedelta(weeks=1) for moment in moments]
    published = gap.published_at
    return Row(
        gap, len(moments), max(moments, default=None), [ages.count(age) for age in reversed(range(WEEKS))],
        None if published is None else sum(moment > published for moment in moments),
    )  # fmt: skip
