"""What became of the drafts: numbers for managers, from a few aggregate queries.

Invariant: every draft that a person or the desk has finished with counts once, in the week it was made. One
that a redraft replaced counts nowhere; one without an answer is an abstention, whoever wrote the reply then. One that
was erased since counts as before: `CountedDraft` holds its numbers.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncWeek
from django.utils import timezone

from tickets.models import CountedDraft, Draft, Review, Team

State, Outcome = Draft.State, Review.Outcome
# An abstained draft keeps its reason when an agent writes the reply, so that the gap stays visible.
ABSTAINED = Q(state=State.ABSTAINED) | Q(state__in=(State.ACCEPTED, State.REJECTED)) & ~Q(reason="") & ~Q(writer="")
SENT = (Outcome.APPROVED, Outcome.EDITED)
KINDS: dict[str, Q] = {
    "approved": ~ABSTAINED & Q(review__outcome=Outcome.APPROVED),
    "edited": ~ABSTAINED & Q(review__outcome=Outcome.EDITED),
    "rejected": ~ABSTAINED & Q(review__outcome=Outcome.REJECTED),
    "abstained": ABSTAINED,
    "open": Q(state=State.READY),
}


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

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(**{kind: getattr(self, kind) + getattr(other, kind) for kind in KINDS})

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
    """The numbers of the last `weeks` calendar weeks, this one included, in a few queries."""
    monday = _monday(today or timezone.localdate()) - timedelta(weeks=weeks - 1)
    drafts, erased = _drafts(monday, team), _erased(monday, team)
    return Insights(
        total=Tally(**drafts.aggregate(**_counts())) + Tally(**erased.aggregate(**_erased_counts())),
        median_seconds=_median(drafts, erased),
        weeks=_by_week(drafts, erased, monday, weeks),
        intents=_by_intent(drafts, erased),
        reasons=_by_reason(drafts, erased),
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _drafts(since: date, team: Team | None) -> QuerySet[Draft]:
    """The finished drafts of the period; the week begins at midnight in the product's time zone."""
    drafts = Draft.objects.filter(created_at__date__gte=since).order_by()
    return drafts.filter(ticket__team=team) if team else drafts


def _erased(since: date, team: Team | None) -> QuerySet[CountedDraft]:
    """Those of the period that were erased since."""
    rows = CountedDraft.objects.filter(day__gte=since).order_by()
    return rows.filter(team=team) if team else rows


def _counts() -> dict[str, Count]:
    return {kind: Count("pk", filter=condition) for kind, condition in KINDS.items()}


def _erased_counts() -> dict[str, Count]:
    return {kind: Count("pk", filter=Q(kind=kind)) for kind in KINDS}


def _tally(row: Mapping[str, Any]) -> Tally:
    return Tally(**{kind: row[kind] for kind in KINDS})


def _median(drafts: QuerySet[Draft], erased: QuerySet[CountedDraft]) -> float | None:
    """PostgreSQL's exact median of the seconds that it took to send."""
    there = drafts.filter(review__outcome__in=SENT).values_list("review__seconds")
    both = there.union(erased.filter(outcome__in=SENT).values_list("seconds"), all=True)
    sql, values = both.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY s) FROM ({sql}) t(s)", values)  # noqa: S608
        found = cursor.fetchone()[0]
    return None if found is None else float(found)


def _by_week(drafts: QuerySet[Draft], erased: QuerySet[CountedDraft], monday: date, weeks: int) -> list[Group]:
    """One group per week; a week without drafts is there too, empty."""
    rows: defaultdict[date, Tally] = defaultdict(Tally)
    for row in drafts.annotate(week=TruncWeek("created_at")).values("week").annotate(**_counts()):
        rows[row["week"].date()] += _tally(row)
    for row in erased.annotate(week=TruncWeek("day")).values("week").annotate(**_erased_counts()):
        rows[row["week"]] += _tally(row)
    return [Group(day, rows[day]) for day in (monday + timedelta(weeks=number) for number in range(weeks))]


def _by_intent(drafts: QuerySet[Draft], erased: QuerySet[CountedDraft]) -> list[Group]:
    """The intents, the most asked about first."""
    rows: defaultdict[str, Tally] = defaultdict(Tally)
    for row in drafts.values(about=F("ticket__intent")).annotate(**_counts()):
        rows[row["about"]] += _tally(row)
    for row in erased.values(about=F("intent")).annotate(**_erased_counts()):
        rows[row["about"]] += _tally(row)
    groups = [Group(intent, tally) for intent, tally in rows.items() if tally.total]
    return sorted(groups, key=lambda group: -group.tally.total)


def _by_reason(drafts: QuerySet[Draft], erased: QuerySet[CountedDraft]) -> list[tuple[str, int]]:
    """Why drafts were rejected, the most frequent first."""
    counts: Counter[str] = Counter()
    for rows in (
        drafts.filter(KINDS["rejected"]).values(said=F("review__reason")).annotate(count=Count("pk")),
        erased.filter(kind="rejected").values(said=F("reason")).annotate(count=Count("pk")),
    ):
        for row in rows:
            counts[str(row["said"])] += row["count"]
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
