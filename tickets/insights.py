"""What became of the drafts: numbers for managers, from a few aggregate queries.

Invariant: every draft that a person or the desk has finished with counts once, in the week it was made. One
that a redraft replaced counts nowhere; one without an answer is an abstention, whoever wrote the reply then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Aggregate, Count, F, FloatField, Q, QuerySet
from django.db.models.functions import TruncWeek
from django.utils import timezone

from tickets.models import Draft, Review, Team

State, Outcome = Draft.State, Review.Outcome
# An abstained draft keeps its reason when an agent writes the reply, so that the gap stays visible.
ABSTAINED = Q(state=State.ABSTAINED) | Q(state__in=(State.ACCEPTED, State.REJECTED)) & ~Q(reason="") & ~Q(writer="")
KINDS: dict[str, Q] = {
    "approved": ~ABSTAINED & Q(review__outcome=Outcome.APPROVED),
    "edited": ~ABSTAINED & Q(review__outcome=Outcome.EDITED),
    "rejected": ~ABSTAINED & Q(review__outcome=Outcome.REJECTED),
    "abstained": ABSTAINED,
    "open": Q(state=State.READY),
}


class Median(Aggregate):
    """PostgreSQL's exact median."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True)
class Tally:
    """How many drafts ended in which way."""

    approved: int = 0
    edited: int = 0
    rejected: int = 0
    abstained: int = 0
    open: int = 0

    @property
    def total(self) -> int:
        """Every draft of this tally."""
        return self.approved + self.edited + self.rejected + self.abstained + self.open

    @property
    def decided(self) -> int:
        """Drafts with an answer that a person judged."""
        return self.approved + self.edited + self.rejected

    @property
    def acceptance(self) -> float | None:
        """The share of judged drafts that were sent, changed or not."""
        return (self.approved + self.edited) / self.decided if self.decided else None

    @property
    def untouched(self) -> float | None:
        """The share of judged drafts that were sent as they were."""
        return self.approved / self.decided if self.decided else None

    @property
    def abstention(self) -> float | None:
        """The share of drafts for which the knowledge base had no answer."""
        return self.abstained / self.total if self.total else None


@dataclass(frozen=True)
class Group:
    """A week or an intent, and its tally."""

    key: Any
    tally: Tally


@dataclass(frozen=True)
class Insights:
    """Everything the insights page shows."""

    total: Tally
    median_seconds: float | None
    weeks: Sequence[Group]
    intents: Sequence[Group]
    reasons: Sequence[tuple[str, int]]


def compute(weeks: int = 8, team: Team | None = None, today: date | None = None) -> Insights:
    """The numbers of the last `weeks` calendar weeks, this one included, in four queries."""
    monday = _monday(today or timezone.localdate()) - timedelta(weeks=weeks - 1)
    drafts = _drafts(monday, team)
    return Insights(
        total=Tally(**drafts.aggregate(**_counts())),
        median_seconds=drafts.aggregate(median=Median("review__seconds", filter=_sent()))["median"],
        weeks=_by_week(drafts, monday, weeks),
        intents=_by_intent(drafts),
        reasons=_by_reason(drafts),
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _drafts(since: date, team: Team | None) -> QuerySet[Draft]:
    """The finished drafts of the period; the week begins at midnight in the product's time zone."""
    drafts = Draft.objects.filter(created_at__date__gte=since).order_by()
    return drafts.filter(ticket__team=team) if team else drafts


def _sent() -> Q:
    return Q(review__outcome__in=(Outcome.APPROVED, Outcome.EDITED))


def _counts() -> dict[str, Count]:
    return {kind: Count("pk", filter=condition) for kind, condition in KINDS.items()}


def _tally(row: Mapping[str, Any]) -> Tally:
    return Tally(**{kind: row[kind] for kind in KINDS})


def _by_week(drafts: QuerySet[Draft], monday: date, weeks: int) -> list[Group]:
    """One group per week; a week without drafts is there too, empty."""
    found = drafts.annotate(week=TruncWeek("created_at")).values("week").annotate(**_counts())
    rows = {row["week"].date(): _tally(row) for row in found}
    days = [monday + timedelta(weeks=number) for number in range(weeks)]
    return [Group(day, rows.get(day, Tally())) for day in days]


def _by_intent(drafts: QuerySet[Draft]) -> list[Group]:
    """The intents, the most asked about first."""
    rows = drafts.values(intent=F("ticket__intent")).annotate(**_counts())
    groups = [Group(row["intent"], _tally(row)) for row in rows]
    return sorted((group for group in groups if group.tally.total), key=lambda group: -group.tally.total)


def _by_reason(drafts: QuerySet[Draft]) -> list[tuple[str, int]]:
    """Why drafts were rejected, the most frequent first."""
    rejected = drafts.filter(KINDS["rejected"]).values(why=F("review__reason"))
    rows = rejected.annotate(count=Count("pk")).order_by("-count", "why")
    return [(str(row["why"]), row["count"]) for row in rows]
