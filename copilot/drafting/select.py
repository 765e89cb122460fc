"""Which units of the evidence answer the ticket.

Invariant: a unit is never chosen without what it needs to be understood: a leaning sentence brings the one before
it, a step brings its whole numbered list and the line that announces it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from copilot.drafting.memory import memory_of
from copilot.drafting.needs import Needs
from copilot.drafting.types import Evidence
from copilot.drafting.units import Unit, units
from copilot.inference.embedder import Embedder, Vectors

MAX_WORDS = 110
MAX_SEEDS = 6
# A seed this far below the best one is off the subject. Weights and this ratio: docs/adr/0004.
KEEP_RATIO = 0.80
WHOLE, NEED, PASSAGE, CONTEXT = 0.2, 0.3, 0.25, 0.25
QUOTABLE = ("sentence", "ol", "ul", "row")


@dataclass(frozen=True, slots=True)
class Scored:
    """A unit and how well it answers, about 0 to 1."""

    unit: Unit
    score: float


@dataclass(frozen=True, slots=True)
class Selection:
    """The chosen units in reading order, and the vectors (candidates, 384) of all that could be chosen."""

    chosen: tuple[Scored, ...]
    alone: Vectors
    titled: Vectors


def select(needs: Needs, evidence: Sequence[Evidence], embedder: Embedder) -> Selection:
    """Choose units; passages come in the order of their best unit. Nothing is chosen without evidence."""
    candidates = units(evidence)
    seeds = [unit for unit in candidates if unit.shape in QUOTABLE and unit.says_something]
    memory = memory_of(embedder)
    alone = memory.of([unit.text for unit in seeds])
    titled = memory.of([_in_context(unit, evidence) for unit in seeds])
    if not seeds:
        return Selection((), alone, titled)
    scores = _scores(needs, alone, titled, [evidence[unit.evidence].score for unit in seeds])
    return Selection(tuple(_reading_order(_choose(seeds, scores, candidates))), alone, titled)


def _scores(needs: Needs, alone: Vectors, titled: Vectors, passages: Sequence[float]) -> Vectors:
    """How well each seed answers, shape (seeds,)."""
    scores = WHOLE * (alone @ needs.whole) + NEED * (alone @ needs.questions.T).max(axis=1)
    scores += CONTEXT * (titled @ needs.whole) + PASSAGE * np.asarray(passages, dtype=np.float32)
    return np.asarray(scores, dtype=np.float32)


def _choose(seeds: Sequence[Unit], scores: Vectors, candidates: Sequence[Unit]) -> dict[Unit, float]:
    floor = float(scores.max()) * KEEP_RATIO
    chosen: dict[Unit, float] = {}
    for index in np.argsort(-scores, kind="stable")[:MAX_SEEDS]:
        if scores[index] >= floor:
            _add(chosen, _with_context(seeds[index], candidates), float(scores[index]))
    return chosen


def _in_context(unit: Unit, evidence: Sequence[Evidence]) -> str:
    """A sentence is read under its title and heading."""
    passage = evidence[unit.evidence]
    return " ".join(part for part in (passage.title, passage.heading, unit.text) if part)


def _with_context(seed: Unit, candidates: Sequence[Unit]) -> list[Unit]:
    """The seed and what it cannot do without."""
    index = candidates.index(seed)
    if seed.shape == "ol":
        return _numbered_list(index, candidates)
    before = candidates[index - 1] if index and candidates[index - 1].evidence == seed.evidence else None
    if not (seed.leans or (before is not None and before.leads and seed.shape == "ul")):
        return [seed]
    if before is None or before.shape != "sentence":
        return []  # it leans on a title, a table or another passage: alone it would puzzle the reader
    needed = _with_context(before, candidates) if before.leans else [before]
    return [*needed, seed] if needed else []


def _numbered_list(index: int, candidates: Sequence[Unit]) -> list[Unit]:
    """All steps around `index`, and the line that leads into them."""
    evidence = candidates[index].evidence
    first = last = index
    while first and _is_step(candidates[first - 1], evidence):
        first -= 1
    while last + 1 < len(candidates) and _is_step(candidates[last + 1], evidence):
        last += 1
    if first and candidates[first - 1].evidence == evidence and candidates[first - 1].leads:
        first -= 1
    return list(candidates[first : last + 1])


def _is_step(unit: Unit, evidence: int) -> bool:
    return unit.evidence == evidence and unit.shape == "ol"


def _add(chosen: dict[Unit, float], group: Sequence[Unit], score: float) -> None:
    """Take the group if it fits in the reply's length; the first group always fits, an empty one adds nothing."""
    new = [unit for unit in group if unit not in chosen]
    words = sum(len(unit.text.split()) for unit in (*chosen, *new))
    if not chosen or words <= MAX_WORDS:
        chosen.update(dict.fromkeys(new, score))


def _reading_order(chosen: dict[Unit, float]) -> list[Scored]:
    best: dict[int, float] = {}
    for unit, score in chosen.items():
        best[unit.evidence] = max(best.get(unit.evidence, 0.0), score)
    ordered = sorted(chosen, key=lambda unit: (-best[unit.evidence], unit.evidence, unit.start))
    return [Scored(unit, chosen[unit]) for unit in ordered]
