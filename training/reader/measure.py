"""How a reader does on products that it did not learn from, and where its threshold belongs.

Invariant: every figure here is of a ticket whose product was left out of the training that judged it.
"""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from copilot.drafting.reader import TrainedReader
from copilot.drafting.reading import Reader
from copilot.drafting.select import select
from training.reader.cases import Case
from training.reader.fit import Learned, Models, fit

PARTS = 5
Make = Callable[[Models], TrainedReader]


@dataclass(frozen=True, slots=True)
class Judged:
    """One ticket: is the first page gold, the share of gold units shown, of shown ones that are of a gold page."""

    case: Case
    first: float
    recall: float
    precision: float
    words: int
    answers: float


def judged(case: Case, reader: Reader) -> Judged:
    """What the reader shows for a case, against its labels."""
    reading = reader.read(case.sheet)
    chosen = select(case.sheet, reading)
    places = [case.sheet.units.index(item.unit) for item in chosen]
    pages = [case.pages[case.sheet.page[case.sheet.units[place].evidence]] for place in places]
    return Judged(
        case,
        first=float(case.pages[case.sheet.page[reading.order[0]]]),
        recall=float(case.units[places].sum() / max(1.0, case.units.sum())) if places else 0.0,
        precision=float(np.mean(pages)) if pages else 0.0,
        words=sum(len(item.unit.text.split()) for item in chosen),
        answers=reading.answers,
    )


def products_left_out(rows: Sequence[Learned], without: Sequence[Learned], make: Make) -> list[Judged]:
    """Every row judged by a reader that has not seen its product."""
    sources = sorted({row.case.source for row in rows})
    found: list[Judged] = []
    for part in range(min(PARTS, len(sources))):
        left = set(sources[part::PARTS])
        seen = [row for row in rows if row.case.source not in left]
        reader = make(fit(seen, [*seen, *(row for row in without if row.case.source not in left)]))
        found += [judged(row.case, reader) for row in rows if row.case.source in left]
    return found


def threshold(found: Sequence[Judged]) -> float:
    """The probability below which abstaining reaches the greatest F1."""
    return max((step / 100 for step in range(10, 80)), key=lambda bar: (round(abstain_f1(found, bar), 3), -bar))


def abstain_f1(found: Sequence[Judged], bar: float) -> float:
    """F1 of abstaining below `bar` on the tickets that are not to be answered from the articles."""
    said = [one for one in found if one.answers < bar]
    should = [one for one in found if one.case.kind != "answerable"]
    right = sum(one.case.kind != "answerable" for one in said)
    return 2 * right / max(1, len(said) + len(should))


def summary(found: Sequence[Judged], bar: float) -> dict[str, float]:
    """The figures of the answerable tickets, and of abstaining."""
    rows = [one for one in found if one.case.kind == "answerable"]
    mean = {name: statistics.fmean(getattr(one, name) for one in rows) for name in ("first", "recall", "precision")}
    return {"tickets": len(found), **mean, "abstain_f1": abstain_f1(found, bar)}
