"""The days an invoice was issued and is due.

Invariant: a due day is labelled as one; an issue day is labelled, or stands behind the title, or is the first date of
the document that no other label claims.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from copilot.triage.fields.dates import Order, all_in
from copilot.triage.fields.invoice.grid import Cell, Grid
from copilot.triage.fields.invoice.labels import labels
from copilot.triage.fields.matches import Match

_GAP: Final = 32  # characters between a label and its date


class Day(NamedTuple):
    """A date in ISO 8601 and where it stands in its page."""

    value: str
    weight: float
    page: int
    start: int
    end: int
    problem: str


def due(grid: Grid, order: Order) -> Day | None:
    """The surest day behind a label that says until when to pay."""
    return _best(_labelled(grid, order, "due_date"))


def issued(grid: Grid, order: Order) -> Day | None:
    """The surest day that the document is from."""
    claimed = {(day.page, day.start) for day in _labelled(grid, order, "due_date")}
    labelled = [day for day in _labelled(grid, order, "issue_date") if (day.page, day.start) not in claimed]
    others = [day for day in _any(grid, order) if (day.page, day.start) not in claimed]
    return _best(labelled) or _best(others)


def _best(days: Iterator[Day] | list[Day]) -> Day | None:
    return max(days, key=lambda day: day.weight, default=None)


def _labelled(grid: Grid, order: Order, field: str) -> Iterator[Day]:
    for cell in grid.cells():
        for label in labels(cell.plain, field):
            for far, (other, begin, gap) in enumerate(_slots(grid, cell, label.end)):
                found = [match for match in all_in(other.text, order) if begin <= match.start <= begin + gap]
                if found:
                    yield _day(other, found[0], label.weight - far * 0.1 - (0.05 if label.start > 2 else 0))
                    break


def _slots(grid: Grid, cell: Cell, end: int) -> Iterator[tuple[Cell, int, int]]:
    yield cell, end, _GAP
    for other in grid.right_of(cell)[:1]:
        yield other, 0, 12
    if not all_in(cell.text, Order(True, False)):
        for other in grid.below(cell, slack=2)[:2]:
            yield other, 0, 12


def _any(grid: Grid, order: Order) -> Iterator[Day]:
    for cell in grid.cells():
        for match in all_in(cell.text, order):
            yield _day(cell, match, 0.2)


def _day(cell: Cell, match: Match, weight: float) -> Day:
    start, end = cell.start + match.start, cell.start + match.end
    return Day(match.value, weight, cell.page, start, end, match.problem)
