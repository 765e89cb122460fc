"""What rules would do to the newest tickets, before they are saved.

Invariant: nothing is written; present and proposed rules are asked about the same facts, and a ticket that a person or
the helpdesk has placed is not counted as moved.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from tickets import routing
from tickets.facts import with_facts
from tickets.matching import Facts, first_match, matches
from tickets.models import BusinessHours, RoutingRule, Team, Ticket

NEWEST = 500
EXAMPLES = 3
# What is read of a ticket; its placeholders, which would be decrypted, are not.
READ = (
    "number", "external_id", "subject", "intent", "confidence", "triage", "language", "urgency", "requester_email",
    "placed_by", "created_at",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A ticket and what a rule may ask of it."""

    ticket: Ticket
    facts: Facts

    @property
    def is_fixed(self) -> bool:
        """Whether no rule may move it."""
        return self.ticket.placed_by in routing.BY_OTHERS


@dataclass
class Path:
    """Tickets that would go from one team to another; None is triage."""

    source: Team | None
    target: Team | None
    count: int = 0
    examples: list[Ticket] = field(default_factory=list)


@dataclass(frozen=True)
class Trial:
    """What proposed rules would do to `total` tickets, compared with the present ones.

    `matched` and `decided` are the proposed rule's: how many meet its conditions, and how many no earlier rule takes.
    """

    total: int
    paths: Sequence[Path]
    ranked: int
    fixed: int
    matched: int = 0
    decided: int = 0

    @property
    def moved(self) -> int:
        """How many would be in another team."""
        return sum(path.count for path in self.paths)

    @property
    def taken(self) -> int:
        """How many an earlier rule takes from the proposed one."""
        return self.matched - self.decided


def newest() -> list[Case]:
    """The newest tickets, as rules see them."""
    return _cases(Ticket.objects.order_by("-created_at"))


def placeable(rules: Sequence[RoutingRule]) -> int:
    """How many of the tickets that wait without a team these rules would place now."""
    return decided(_cases(routing.waiting()), rules).total()


def _cases(tickets: QuerySet[Ticket]) -> list[Case]:
    hours = BusinessHours.current()
    rows: QuerySet[Any] = with_facts(routing.asked_at(tickets.only(*READ)))[:NEWEST]
    return [Case(ticket, routing.read(ticket, ticket.asked_at or ticket.created_at, hours)) for ticket in rows]


def compare(
    cases: Sequence[Case], now: Sequence[RoutingRule], then: Sequence[RoutingRule], rule: RoutingRule | None = None
) -> Trial:
    """What changes when the rules are `then` and not `now`; `rule` is the proposed one among them."""
    paths: dict[tuple[int | None, int | None], Path] = {}
    ranked = fixed = matched = decided = 0
    for case in cases:
        old, new = first_match(now, case.facts), first_match(then, case.facts)
        matched += rule is not None and matches(rule, case.facts)
        decided += rule is not None and new is rule
        if case.is_fixed:
            fixed += _team(old) != _team(new)
        elif _team(old) != _team(new):
            _count(paths, old, new, case.ticket)
        else:
            ranked += _extras(old) != _extras(new)
    most = sorted(paths.values(), key=lambda path: -path.count)
    return Trial(len(cases), most, ranked, fixed, matched, decided)


def decided(cases: Sequence[Case], rules: Sequence[RoutingRule]) -> Counter[int]:
    """How many of `cases` each rule decides, by its key."""
    found = (first_match(rules, case.facts) for case in cases)
    return Counter(rule.pk for rule in found if rule)


def _count(
    paths: dict[tuple[int | None, int | None], Path], old: RoutingRule | None, new: RoutingRule | None, ticket: Ticket
) -> None:
    path = paths.setdefault((_team(old), _team(new)), Path(old.team if old else None, new.team if new else None))
    path.count += 1
    if len(path.examples) < EXAMPLES:
        path.examples.append(ticket)


def _team(rule: RoutingRule | None) -> int | None:
    return rule.team_id if rule else None


def _extras(rule: RoutingRule | None) -> tuple[object, ...]:
    return (rule.priority, rule.tags) if rule else ("", [])
