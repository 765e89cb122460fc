"""Passages of two articles that say nearly the same with other amounts: 30 days here, 14 days there.

Invariant: only current passages of one language and visibility are compared, by vectors of the recipe that serves.
"""

from dataclasses import dataclass

import numpy as np

from copilot.language.quantities import Amount, amounts
from knowledge.models import Passage, PassageVector
from knowledge.recipes import serving

# Nearer than this, two passages are about the same thing.
NEAR = 0.85
# More passages than this are not compared pair by pair while a page waits.
MOST = 20_000
SHOWN = 50
_BLOCK = 1_000


@dataclass(frozen=True)
class Pair:
    """Two passages, how near they are, and the amounts that only one of them names."""

    one: Passage
    other: Passage
    nearness: float
    amounts: str


def contradictions() -> list[Pair]:
    """The nearest pairs first; none where the knowledge base is too large to compare at once."""
    rows = list(
        PassageVector.objects.filter(recipe__name=serving() or "", passage__current=True)
        .order_by("passage_id")
        .values_list("passage_id", "passage__version__article_id", "vector")[: MOST + 1]
    )
    if not 1 < len(rows) <= MOST:
        return []
    keys, articles = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    vectors = np.array([row[2] for row in rows], dtype=np.float32)
    near: list[tuple[float, int, int]] = []
    for start in range(0, len(rows), _BLOCK):
        scores = vectors[start : start + _BLOCK] @ vectors.T
        for left, right in np.argwhere(scores >= NEAR):
            one = start + int(left)
            if one < right and articles[one] != articles[right]:
                near.append((float(scores[left, right]), int(keys[one]), int(keys[right])))
    return _differing(sorted(near, reverse=True)[:2_000])


def _differing(near: list[tuple[float, int, int]]) -> list[Pair]:
    texts = Passage.objects.select_related("version__article").in_bulk({key for _, *pair in near for key in pair})
    found = []
    for nearness, one, other in near:
        left, right = texts[one], texts[other]
        if (left.language, left.visibility) != (right.language, right.visibility):
            continue
        first, second = amounts(left.text), amounts(right.text)
        if first - second and second - first and _units(first - second) & _units(second - first):
            found.append(Pair(left, right, nearness, f"{_said(first - second)} / {_said(second - first)}"))
    return found[:SHOWN]


def _units(said: set[Amount]) -> set[str]:
    return {unit for _, unit in said}


def _said(said: set[Amount]) -> str:
    return ", ".join(" ".join(part for part in amount if part) for amount in sorted(said)[:4])
