"""Where a unit stands: its passage among those found, its place in the passage, and what it looks like."""

import re

import numpy as np

from copilot.drafting.sheet import Floats, Ints, Sheet
from copilot.drafting.units import Unit

_SIGNS = {
    "number": re.compile(r"\d"),
    "you": re.compile(r"\b(?:you|your|vous|votre|vos)\b", re.IGNORECASE),
    "modal": re.compile(
        r"\b(?:can|may|must|will|cannot|can['’]t|need|should|peut|peuvent|pouvez|devez|doit|faut|sera)\b", re.IGNORECASE
    ),
    "negation": re.compile(r"\b(?:not|no|never|cannot|without|\w+n['’]t|pas|jamais|aucune?|sans)\b", re.IGNORECASE),
    "asks": re.compile(r"\?\s*$"),
}
_LONG = 25  # words


def place(sheet: Sheet) -> dict[str, Floats]:
    """Feature arrays, shape (units,), by name."""
    return {**_found(sheet), **_inside(sheet), **_looks(sheet)}


def _found(sheet: Sheet) -> dict[str, Floats]:
    """How the search ranked the unit's passage and page."""
    score = np.array([passage.score for passage in sheet.evidence], dtype=np.float64)
    best = np.full(sheet.pages, -np.inf)
    np.maximum.at(best, sheet.page, score)
    rank = np.arange(len(score), dtype=np.float64)
    first = np.full(sheet.pages, np.inf)
    np.minimum.at(first, sheet.page, rank)
    foreign = np.array([passage.language != sheet.needs.language for passage in sheet.evidence], dtype=np.float64)
    by_passage = {
        "score": score, "behind": score - score.max(initial=0.0), "rank": np.log1p(rank),
        "page_rank": np.log1p(first[sheet.page]), "page_score": best[sheet.page],
        "page_passages": np.log1p(np.bincount(sheet.page, minlength=sheet.pages))[sheet.page], "foreign": foreign,
    }  # fmt: skip
    return {name: values[sheet.passage] for name, values in by_passage.items()}


def _inside(sheet: Sheet) -> dict[str, Floats]:
    """The unit's place among its passage's."""
    position = _positions(sheet.passage)
    size = np.bincount(sheet.passage, minlength=len(sheet.evidence))[sheet.passage]
    return {
        "position": np.log1p(position),
        "opens": (position == 0).astype(np.float64),
        "depth": position / np.maximum(1, size - 1),
        "after_lead": np.array(
            [_after_lead(sheet.units, index) for index in range(len(sheet.units))], dtype=np.float64
        ),
    }


def _positions(passage: Ints) -> Floats:
    """0, 1, 2… within each passage; units of one passage stand side by side."""
    starts = np.r_[True, passage[1:] != passage[:-1]] if len(passage) else np.zeros(0, dtype=bool)
    indexes = np.arange(len(passage))
    return np.asarray(indexes - np.maximum.accumulate(np.where(starts, indexes, 0)), dtype=np.float64)


def _after_lead(units: tuple[Unit, ...], index: int) -> bool:
    return index > 0 and units[index - 1].leads and units[index - 1].evidence == units[index].evidence


def _looks(sheet: Sheet) -> dict[str, Floats]:
    words = np.array([len(unit.text.split()) for unit in sheet.units], dtype=np.float64)
    shapes = {shape: [unit.shape == shape for unit in sheet.units] for shape in ("ol", "ul", "row")}
    signs = {name: [bool(sign.search(unit.text)) for unit in sheet.units] for name, sign in _SIGNS.items()}
    leans = {"leans": [unit.leans for unit in sheet.units], "leads": [unit.leads for unit in sheet.units]}
    return {
        "length": np.log1p(words),
        "short": (words < 6).astype(np.float64),
        "long": np.maximum(0.0, np.log(np.maximum(words, 1) / _LONG)),
        **{name: np.array(values, dtype=np.float64) for name, values in {**shapes, **signs, **leans}.items()},
    }
