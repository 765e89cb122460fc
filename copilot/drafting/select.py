"""Which units of the evidence are shown.

Invariant: a unit is never chosen without what it needs to be understood: a leaning sentence brings the one before
it, a step brings its whole numbered list and the line that announces it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from copilot.drafting.reading import Reading
from copilot.drafting.sheet import Sheet
from copilot.drafting.units import Unit

MAX_WORDS = 110
MAX_SEEDS = 8


@dataclass(frozen=True, slots=True)
class Scored:
    """A unit and how well it answers, 0 to 1."""

    unit: Unit
    score: float


def select(sheet: Sheet, reading: Reading) -> tuple[Scored, ...]:
    """Choose units, in reading order; passages come in the reading's order. None where nothing may be quoted."""
    seeds = [int(index) for index in np.argsort(-reading.units, kind="stable") if reading.units[index] > 0]
    if not seeds:
        return ()
    floor = float(reading.units[seeds[0]]) * reading.keep
    chosen: dict[int, float] = {}
    for seed in seeds[:MAX_SEEDS]:
        if reading.units[seed] >= floor:
            _add(chosen, _with_context(seed, sheet.units), float(reading.units[seed]), sheet.units)
    place = {passage: order for order, passage in enumerate(reading.order)}
    ordered = sorted(chosen, key=lambda index: (place[sheet.units[index].evidence], index))
    return tuple(Scored(sheet.units[index], chosen[index]) for index in ordered)


def _with_context(index: int, units: Sequence[Unit]) -> list[int]:
    """The unit and what it cannot do without, as places in `units`."""
    unit = units[index]
    if unit.shape == "ol":
        return _numbered_list(index, units)
    before = units[index - 1] if index and units[index - 1].evidence == unit.evidence else None
    if not (unit.leans or (before is not None and before.leads and unit.shape == "ul")):
        return [index]
    if before is None or before.shape != "sentence":
        return []  # it leans on a title, a table or another passage: alone it would puzzle the reader
    needed = _with_context(index - 1, units) if before.leans else [index - 1]
    return [*needed, index] if needed else []


def _numbered_list(index: int, units: Sequence[Unit]) -> list[int]:
    """All steps around `index`, and the line that leads into them."""
    evidence = units[index].evidence
    first = last = index
    while first and _is_step(units[first - 1], evidence):
        first -= 1
    while last + 1 < len(units) and _is_step(units[last + 1], evidence):
        last += 1
    if first and units[first - 1].evidence == evidence and units[first - 1].leads:
        first -= 1
    return list(range(first, last + 1))


def _is_step(unit: Unit, evidence: int) -> bool:
    return unit.evidence == evidence and unit.shape == "ol"


def _add(chosen: dict[int, float], group: Sequence[int], score: float, units: Sequence[Unit]) -> None:
    """Take the group if it fits in the reply's length; the first group always fits, an empty one adds nothing."""
    new = [index for index in group if index not in chosen]
    words = sum(len(units[index].text.split()) for index in (*chosen, *new))
    if not chosen or words <= MAX_WORDS:
        chosen.update(dict.fromkeys(new, score))
