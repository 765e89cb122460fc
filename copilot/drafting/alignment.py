"""Which word of a sentence stands for which word of a passage's sentence.

Invariant: a word stands for at most one word, and an equal one is preferred to a like one. Words of the title, the
heading, and of the sentence before one that leans on it are known from the context: they stand for none and are not
new.
"""

from collections.abc import Callable
from dataclasses import dataclass

from copilot.drafting.comparable import Comparable, Word
from copilot.language.synonyms import alike

NEW, KNOWN = -1, -2


@dataclass(frozen=True, slots=True)
class Alignment:
    """`places[i]` is the index of the passage's word for which word i stands, or NEW, or KNOWN."""

    places: tuple[int, ...]

    @property
    def covered(self) -> frozenset[int]:
        """Indexes of the passage's words that something stands for."""
        return frozenset(place for place in self.places if place >= 0)


def align(said: Comparable, held: Comparable, context: frozenset[str]) -> Alignment:
    """Align the words of what is said with the words of what the passage holds."""
    places = [NEW] * len(said.words)
    free = set(range(len(held.words)))
    for same in (_equal, _like):
        for i in range(len(places)):
            if places[i] == NEW and (found := _place(i, places, said, held, free, same)) is not None:
                places[i] = found
                free.discard(found)
    for i, word in enumerate(said.words):
        if places[i] == NEW:
            places[i] = _again(word, held, context)
    return Alignment(tuple(places))


def _equal(word: Word, other: Word, language: str) -> bool:
    return word.stem == other.stem


def _like(word: Word, other: Word, language: str) -> bool:
    return not word.is_number and not other.is_number and alike(word.stem, other.stem, language)


def _place(
    i: int,
    places: list[int],
    said: Comparable,
    held: Comparable,
    free: set[int],
    same: Callable[[Word, Word, str], bool],
) -> int | None:
    """The free word that it may stand for; of several the one after its neighbour's, or at the like place."""
    word, at = said.words[i], i / len(said.words)
    follows = places[i - 1] + 1 if i and places[i - 1] >= 0 else -1
    found = [j for j in sorted(free) if same(word, held.words[j], said.language)]
    return min(found, key=lambda j: (j != follows, abs(j / len(held.words) - at)), default=None)


def _again(word: Word, held: Comparable, context: frozenset[str]) -> int:
    """A word that is said twice, or that the context holds, is nothing new."""
    if word.stem in context or any(word.stem == other.stem for other in held.words):
        return KNOWN
    return NEW
