"""Net, VAT and total: the three amounts that carry their labels and add up.

Invariant: where labelled amounts add up (net + VAT = total; VAT may be several lines, one a rate), those are taken;
where none do, the best labelled of
each, with the problem "sum" if all three are there. An amount nothing calls so is never taken.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import product
from typing import Final, NamedTuple

from copilot.triage.fields.invoice.grid import Grid
from copilot.triage.fields.invoice.money import Money, candidates

CENT: Final = Decimal("0.01")
_MOST: Final = 24  # candidates of a kind
_RATES: Final = 5  # of VAT on one invoice
_FAR: Final = 1000  # characters from the first line of VAT to the last
# What the law makes a seller write who charges no VAT.
_EXEMPT: Final = re.compile(
    r"tva non applicable|exonere\w* de (?:la )?tva|exoneration de tva|autoliquidation|franchise en base"
    r"|art(?:icle)?\.? 293 ?b|kleinunternehmer|§ ?19 (?:abs\. ?1 )?ustg|steuerfrei|umsatzsteuerbefreit"
    r"|steuerschuldnerschaft des leistungsempfangers|reverse charge|vat exempt\w*|exempt from vat|zero[- ]rated"
    r"|outside the scope of vat"
)


class Totals(NamedTuple):
    """The three, each None where it was not found; `adds_up` is None unless all three are there."""

    net: Money | None
    vat: Money | None
    total: Money | None
    adds_up: bool | None


def totals(grid: Grid) -> Totals:
    """The likeliest three."""
    nets, vats, all_totals = (_likeliest(candidates(grid, field)) for field in ("net", "vat", "total"))
    if best := _adding_up(nets, vats, all_totals) or _adding_up(nets, _sums(vats), all_totals):
        return Totals(*best, True)
    exempt = _exempt(grid)
    if exempt and not [vat for vat in vats if vat.value] and all_totals:
        total = all_totals[0]
        net = next((net for net in nets if net.value == total.value), total)
        return Totals(net, exempt, total, True)
    found = [kind[0] if kind else None for kind in (nets, vats, all_totals)]
    return Totals(found[0], found[1], found[2], False if all(found) else None)


def _likeliest(found: Sequence[Money]) -> list[Money]:
    """The surest first; of one amount under several labels, the surest of those. Later ones win: totals come last."""
    ranked = sorted(found, key=lambda money: (-money.weight, -money.order))
    kept: dict[tuple[Decimal, int, int], Money] = {}
    for money in ranked:
        kept.setdefault((money.value, money.page, money.start), money)
    return list(kept.values())[:_MOST]


def _adding_up(
    nets: Sequence[Money], vats: Sequence[Money], all_totals: Sequence[Money]
) -> tuple[Money, Money, Money] | None:
    best, score = None, 0.0
    for net, vat, total in product(nets, vats, all_totals):
        if abs(net.value + vat.value - total.value) > CENT or _is_odd(net, vat, total):
            continue
        weight = net.weight + vat.weight + total.weight
        if weight > score + 1e-9:
            best, score = (net, vat, total), weight
    return best


def _sums(vats: Sequence[Money]) -> list[Money]:
    """What VAT lines that follow one another, one a rate, come to: their place is from the first to the last."""
    lines = sorted((vat for vat in vats if vat.is_nearest and vat.value), key=lambda vat: (vat.page, vat.start))
    runs = [lines[first:last] for last in range(2, len(lines) + 1) for first in range(max(0, last - _RATES), last - 1)]
    return [
        run[0]._replace(value=sum((vat.value for vat in run), Decimal(0)), end=run[-1].end)
        for run in runs
        if run[0].page == run[-1].page and run[-1].end - run[0].start < _FAR
    ]


def _is_odd(net: Money, vat: Money, total: Money) -> bool:
    """VAT is never more than a third of the net, nor owed the other way; and a total says something."""
    return total.value == 0 or abs(vat.value) * 3 > abs(net.value) or vat.value * net.value < 0


def _exempt(grid: Grid) -> Money | None:
    for cell in grid.cells():
        if match := _EXEMPT.search(cell.plain):
            return Money(Decimal(0), 0.6, cell.page, cell.start + match.start(), cell.start + match.end(), 0)
    return None
