"""The amounts of an invoice, and which of its labels each stands under.

Invariant: a candidate is a number with two decimals, or with a currency beside it, that stands behind or below a
label; a percentage, a quantity and a unit price of four decimals are none.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from copilot.triage.fields.amounts import number
from copilot.triage.fields.invoice.grid import Cell, Grid
from copilot.triage.fields.invoice.labels import labels

_SIGN: Final = r"(?P<sign>[-−–+]\s?)?"
_CURRENCY: Final = r"(?:€|\$|£|eur(?:os?)?\b|usd\b|gbp\b|chf\b|fr\.|[a-z]{3}\b)"
_DIGITS: Final = r"(?P<digits>\d{1,3}(?:[ .,'’\u00a0\u202f]\d{3})+(?:[.,]\d{2})?|\d+(?:[.,]\d{2})?)"
AMOUNT: Final = re.compile(
    rf"(?<![\w.,/:])(?P<open>\()?{_SIGN}(?P<before>{_CURRENCY})?\s?(?P<sign2>[-−–]\s?)?(?<![\w.,/:]){_DIGITS}"
    rf"(?P<late>-)?(?!\d|[.,/:]\d|\s?%|\w)(?:\s?(?P<after>{_CURRENCY}))?(?P<close>\))?"
)
_RIGHT: Final = 0.0
_BELOW: Final = -0.25  # a label above a column is less sure than one in front


class Money(NamedTuple):
    """An amount under a label of weight `weight`; characters `start` to `end` of its page.

    `order` is its place among those of its label's kind, `is_nearest` whether it is what the label's row ends in.
    """

    value: Decimal
    weight: float
    page: int
    start: int
    end: int
    order: int
    is_nearest: bool = False


def amounts(cell: Cell, begin: int = 0) -> Iterator[tuple[Decimal, int, int]]:
    """The amounts in a cell from character `begin`, and where each stands in it."""
    for match in AMOUNT.finditer(cell.plain, begin):
        written = match["digits"]
        has_cents = bool(re.search(r"[.,]\d{2}$", written))
        if not has_cents and not (match["before"] or match["after"]):
            continue
        minus = any((match[name] or "").strip() in ("-", "−", "–") for name in ("sign", "sign2", "late"))
        minus = minus or bool(match["open"] and match["close"])
        value = number(written.replace(" ", ""))
        start = (
            match.start("sign") if match["sign"] else match.start("sign2") if match["sign2"] else match.start("digits")
        )
        yield (-value if minus else value), start, match.end("digits")


def candidates(grid: Grid, field: str) -> list[Money]:
    """The amounts under the labels of `field`, in reading order."""
    found: list[Money] = []
    for cell in grid.cells():
        for label in labels(cell.plain, field):
            begins = 0.0 if label.start <= 2 else -0.1
            for money, far in _behind(grid, cell, label.end):
                made = _made(*money, label.weight + begins - far * 0.02, len(found))
                found.append(made._replace(is_nearest=far == 0))
            for beneath, far in _beneath(grid, cell):
                found.append(_made(*beneath, label.weight + begins + _BELOW - far * 0.02, len(found)))
    return found


_Place = tuple[Cell, Decimal, int, int]


def _made(cell: Cell, value: Decimal, start: int, end: int, weight: float, order: int) -> Money:
    return Money(value, weight, cell.page, cell.start + start, cell.start + end, order)


def _behind(grid: Grid, cell: Cell, end: int) -> Iterator[tuple[_Place, int]]:
    """In the label's own cell, and in the cells to the right up to the next words; the last of several first."""
    here = [(cell, *amount) for amount in amounts(cell, end)]
    for other in grid.right_of(cell):
        inside = [(other, *amount) for amount in amounts(other)]
        if not inside and re.search(r"[^\W\d_]{4}", other.plain):
            break
        if inside and re.match(r"[^\W\d_]{3}", other.plain) and not re.match(r"(?:eur|usd|gbp|chf)\b", other.plain):
            break
        here += inside
    for far, place in enumerate(reversed(here)):
        yield place, far


def _beneath(grid: Grid, cell: Cell) -> Iterator[tuple[_Place, int]]:
    far = 0
    for other in grid.below(cell, near=6, slack=4):
        for amount in amounts(other):
            yield (other, *amount), far
            far += 1
