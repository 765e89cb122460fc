"""How many of the ticket's words each unit, heading and passage holds, rare words counting more.

Invariant: a word's weight is counted within the passages that were found, so no table of the whole knowledge base is
needed and the figures mean the same for a large one and a small one.

Weight: ln(1 + (N - n + .5) / (n + .5)), as in BM25, over the N passages found of which n hold the word.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from copilot.drafting.sheet import Floats, Sheet
from copilot.language.words import stems_in

Words = frozenset[str]


def overlap(sheet: Sheet) -> dict[str, Floats]:
    """Feature arrays, shape (units,), by name."""
    language = sheet.needs.language
    whole, subject = _words(sheet.needs.whole.text.text, language), _words(sheet.needs.subject.text.text, language)
    needs = [_words(need.text.text, language) for need in sheet.needs.needs]
    said = [_words(unit.text, sheet.evidence[unit.evidence].language) for unit in sheet.units]
    headed = [_words(f"{passage.title} {passage.heading}", passage.language) for passage in sheet.evidence]
    full = [_words(f"{passage.title} {passage.heading} {passage.text}", passage.language) for passage in sheet.evidence]
    weigh = _Weights(full)
    return {
        "words_whole": weigh.shares([whole], said),
        "words_subject": weigh.shares([subject], said),
        "words_need": weigh.shares(needs, said),
        "words_asked": np.array([weigh.share(held, whole) for held in said], dtype=np.float64),
        "words_heading": np.array([weigh.share(held, whole) for held in headed], dtype=np.float64)[sheet.passage],
        "words_in_heading": weigh.shares([*needs, subject], headed)[sheet.passage],
        "words_passage": weigh.shares([whole], full)[sheet.passage],
    }


def _words(text: str, language: str) -> Words:
    return frozenset(stems_in(text, [language]))


class _Weights:
    """Weights of words by how many of the passages hold them."""

    def __init__(self, passages: Sequence[Words]) -> None:
        self._held = Counter(word for passage in passages for word in passage)
        self._count = len(passages)

    def share(self, asked: Words, held: Words) -> float:
        """The weight of the words of `asked` that `held` has, over that of all of them; 0 for no words."""
        whole = self._mass(asked)
        return self._mass(asked & held) / whole if whole else 0.0

    def shares(self, asked: Sequence[Words], held: Sequence[Words]) -> Floats:
        """For each of `held`, its greatest share of any of `asked`."""
        return np.array([max(self.share(one, words) for one in asked) for words in held], dtype=np.float64)

    def _mass(self, words: Iterable[str]) -> float:
        return sum(math.log(1 + (self._count - self._held[word] + 0.5) / (self._held[word] + 0.5)) for word in words)
