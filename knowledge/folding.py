"""Passages that say the same, shown once.

Invariant: of two that fold, the better ranked one stays, unless only the other is public; two that state different
amounts never fold, since one of them may be wrong, and a reader has to see both.

Likeness is the Jaccard index of three-word shingles (Broder, "On the resemblance and containment of documents", 1997).
"""

from collections.abc import Sequence
from dataclasses import replace

from copilot.language.quantities import amounts
from copilot.language.words import tokens
from knowledge.types import Hit

ALIKE = 0.8
_SHINGLE = 3


def fold(hits: Sequence[Hit]) -> list[Hit]:
    """The hits without those that repeat an earlier one, which names them in `also`."""
    kept: list[Hit] = []
    signs: list[frozenset[tuple[str, ...]]] = []
    for hit in hits:
        sign = _shingles(hit)
        twin = next((place for place, other in enumerate(kept) if _is_same(hit, sign, other, signs[place])), None)
        if twin is None:
            kept.append(hit)
            signs.append(sign)
        else:
            kept[twin] = _together(kept[twin], hit)
    return kept


def _is_same(hit: Hit, sign: frozenset[tuple[str, ...]], other: Hit, others: frozenset[tuple[str, ...]]) -> bool:
    if hit.language != other.language or not _could_be(len(sign), len(others)):
        return False
    shared = len(sign & others)
    alike = shared >= ALIKE * (len(sign) + len(others) - shared) > 0
    return alike and amounts(hit.text) == amounts(other.text)


def _could_be(one: int, other: int) -> bool:
    """Sets of very different sizes cannot be alike."""
    return min(one, other) >= ALIKE * max(one, other)


def _together(first: Hit, second: Hit) -> Hit:
    if first.visibility != "public" and second.visibility == "public":
        return replace(second, score=first.score, also=(*first.also, first.passage_id))
    return replace(first, also=(*first.also, second.passage_id))


def _shingles(hit: Hit) -> frozenset[tuple[str, ...]]:
    words = tokens(hit.text, hit.language)
    return frozenset(tuple(words[n : n + _SHINGLE]) for n in range(max(len(words) - _SHINGLE + 1, 1)))
