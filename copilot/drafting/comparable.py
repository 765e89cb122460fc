"""A sentence taken apart for comparison: its content words in order, and what it says of amounts, limits and denial.

Invariant: the passage's sentence and the draft's go through the same function, so equal texts come out equal.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from copilot.language.conditions import Clause, clauses
from copilot.language.limits import Limit, limits
from copilot.language.negation import Denial, denials
from copilot.language.quantities import Amount, amounts, even_clocks
from copilot.language.unchanged import digits_for_words
from copilot.language.words import STOP_WORDS, fold, stem_of

_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W_]+(?:[-_][^\W_]+)*(?:'[^\W\d_]+)?")
_ELIDED = re.compile(r"\b(?:qu|jusqu|lorsqu|puisqu|quoiqu|[cdjlmnst])'(?=\w)", re.IGNORECASE)
_PARTS = re.compile(r"[;,:]\s|\s(?:and|or|but|et|ou|mais)\s")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# They add nothing that could be false: leaving them out or putting them in changes no claim.
_FILLERS = {
    "en": _set("""
        please kindly simply note get gets getting got make makes take takes go goes able possible like want
        way also may might must shall need needs required would could should however still always never
        whenever already even then next first have has us one ones within without upon per every another
        someone anyone yes no thing things time sure fine course fact happen happens order case mean means
        tell tells remember forget let else instead whose myself since cannot receive receives back
    """),
    "fr": _set("""
        peut peuvent pourra pourront pouvez recevez recevrez reçoit merci veuillez simplement noter noté
        note pouvoir devoir doit doivent devez faut falloir possible possibilité aller va allez également
        encore déjà même toujours jamais compter comptez afin ainsi cas fois lorsque lorsqu quand dès sans
        pendant durant vers chez selon via grâce seulement uniquement seul seule seuls seules y voici voilà
        oublier oubliez penser pensez sûr bien cependant toutefois ensuite puis après avant depuis jusque
        jusqu fait faire faites effectuer avoir lieu savoir sachez ça donc car oui non
    """),
}


@dataclass(frozen=True, slots=True)
class Word:
    """A content word at `start` of the text; a number's stem is its digits. A `filler` claims nothing by itself."""

    text: str
    stem: str
    start: int
    filler: bool

    @property
    def is_number(self) -> bool:
        """Whether it is written in digits."""
        return self.stem[:1].isdigit()


@dataclass(frozen=True)
class Comparable:
    """One sentence in `language`. `text` is what all offsets count in; it is not the original's."""

    text: str
    language: str

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Content words and numbers, in order."""
        return tuple(_words(self.text, self.language, self.limits))

    @cached_property
    def amounts(self) -> set[Amount]:
        """Numbers with their units."""
        return amounts(self.text)

    @cached_property
    def limits(self) -> list[Limit]:
        """Limiting words."""
        return limits(self.text)

    @cached_property
    def denials(self) -> list[Denial]:
        """What is denied."""
        return denials(self.text)

    @cached_property
    def clauses(self) -> list[Clause]:
        """Conditions."""
        return clauses(self.text)

    @property
    def stems(self) -> frozenset[str]:
        """The stems of its words."""
        return frozenset(word.stem for word in self.words)


def comparable(text: str, language: str) -> Comparable:
    """The sentence, typographic differences and written small numbers evened out."""
    text = unicodedata.normalize("NFKC", text).replace("’", "'").replace("`", " ")
    return Comparable(even_clocks(digits_for_words(" ".join(text.split()))), language)


@lru_cache(maxsize=4096)
def published_comparable(text: str, language: str) -> Comparable:
    """The same, and remembered: only for a passage's text, never a customer's or a model's."""
    return comparable(text, language)


def parts(text: str) -> list[tuple[int, int]]:
    """The parts of a sentence between conjunctions and commas."""
    return list(pairwise([0, *(match.end() for match in _PARTS.finditer(text)), len(text)]))


def part(text: str, at: int) -> tuple[int, int]:
    """The part in which the character `at` stands."""
    return next((start, end) for start, end in parts(text) if start <= at < end)


def _words(text: str, language: str, limiting: list[Limit]) -> list[Word]:
    if language == "fr":
        text = _ELIDED.sub(lambda match: " " * len(match[0]), text)
    found = []
    for match in _WORD.finditer(text):
        whole = match[0].lower()
        lower = whole.split("'")[0]
        if whole.endswith("n't") or (fold(lower) in STOP_WORDS[language] and lower != "off"):
            continue
        stem = lower.removesuffix(":00") if lower[0].isdigit() else stem_of(lower.replace("-", ""), language)
        limits_it = any(limit.start <= match.start() < limit.end for limit in limiting)  # compared by themselves
        found.append(Word(match[0], stem, match.start(), limits_it or lower in _FILLERS[language]))
    return found
