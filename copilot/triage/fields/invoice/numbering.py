"""The invoice's own number: behind a label that says so, or in its title.

Invariant: it holds a digit and is no date, and the words in front do not say that it is another document's.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from copilot.triage.fields.invoice.grid import Cell, Grid
from copilot.triage.fields.invoice.labels import labels
from copilot.triage.fields.invoice.roles import ANOTHERS
from copilot.triage.fields.references import is_reference

_TOKEN: Final = re.compile(r"\(?\#?\s*(?P<value>(?:[a-z]{1,8}[ ])?[a-z0-9]*+(?:[-_/.][a-z0-9]++)*+)(?![\w€$£%])")
_KIND: Final = (
    r"(?:(?:tax|vat|commercial|proforma|pro forma|final|corrective|self-billed) )?(?:invoice|credit note|credit memo)"
    r"|bill|facture|avoir|[a-z]*-?rechnung|rechnungskorrektur|gutschrift\w*|[a-z]*abrechnung|belastungsanzeige"
    r"|note de credit|facture d'avoir"
    r"|[^\W\d_][^\W\d_ -]*(?:[ -][^\W\d_]+){0,5}(?= \(\d{3}\) )"  # by its code in UNTDID 1001
)
# Facture FA-2017-0010, Handelsrechnung (380) Nr. 471102, Rechnung des Versicherers (575) Nr. 01.234, Invoice # 12
_TITLE: Final = re.compile(
    rf"(?<!\w)(?P<kind>{_KIND})(?!\w)(?P<between>(?: [a-z]+){{0,3}}?)(?: \(\d{{3}}\))?[\s:.]*"
    r"(?P<no>(?:number|no|nr|n[°ºo]|numero|nummer|num|\#|ref)(?!\w)[\s.:°º#]*)?"
    r"(?P<value>(?=[a-z/._-]*\d)[a-z0-9]++(?:[-_/.][a-z0-9]++)*+)(?![\w€$£%])"
)


class Numbered(NamedTuple):
    """A number and where it stands in its page."""

    value: str
    weight: float
    page: int
    start: int
    end: int


def number(grid: Grid) -> Numbered | None:
    """The surest; of several as sure, the first."""
    return max([*_labelled(grid), *_titles(grid)], key=lambda found: found.weight, default=None)


def _labelled(grid: Grid) -> Iterator[Numbered]:
    for cell in grid.cells():
        for label in labels(cell.plain, "number"):
            around = cell.plain[max(0, label.start - 20) : label.end]
            weight = label.weight - (0.7 if ANOTHERS.search(around) else 0.0) - (0.2 if label.start > 2 else 0.0)
            for far, (other, begin) in enumerate(_slots(grid, cell, label.end)):
                if found := _token(other, begin):
                    yield Numbered(*found[:1], weight - far * 0.05, other.page, *found[1:])
                    break


def _slots(grid: Grid, cell: Cell, end: int) -> Iterator[tuple[Cell, int]]:
    """Where the value of a label may stand: behind it, in the next cell, below it."""
    rest = cell.plain[end:]
    yield cell, end + len(rest) - len(rest.lstrip(" :.#=-–"))
    if not rest.strip(" :.#=-–"):
        for other in (*grid.right_of(cell)[:1], *grid.below(cell)[:1]):
            yield other, 0


def _token(cell: Cell, begin: int) -> tuple[str, int, int] | None:
    match = _TOKEN.match(cell.plain, begin)
    if not match or not re.search(r"\d", match["value"]) or not is_reference(match["value"]):
        return None
    start, end = match.span("value")
    return cell.text[start:end], cell.start + start, cell.start + end


def _titles(grid: Grid) -> Iterator[Numbered]:
    for cell in grid.cells():
        for match in _TITLE.finditer(cell.plain):
            if not is_reference(match["value"]) or ANOTHERS.search(match["between"]):
                continue
            start, end = match.span("value")
            weight = 0.75 + (0.15 if match.start() == 0 else -0.3) + (0.05 if match["no"] else 0)
            weight -= 0.2 if len(match["value"]) < 3 else 0
            yield Numbered(cell.text[start:end], weight, cell.page, cell.start + start, cell.start + end)
