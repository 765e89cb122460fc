"""What speaks against a sentence being carried by a passage's sentence, found without weighing anything.

Invariant: each objection is one comparison with a name; none is outweighed by shared words. "strict" ones make the
sentence unsupported, the others at best weak.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from copilot.drafting.alignment import KNOWN, NEW, Alignment
from copilot.drafting.comparable import Comparable, part
from copilot.drafting.cut import is_cut
from copilot.drafting.roles import swapped
from copilot.drafting.signs import ADDRESS, names, paths, within
from copilot.language.conditions import Clause
from copilot.language.limits import KEPT, WIDENING, Limit, turned
from copilot.language.negation import Denial, denies_by_meaning
from copilot.language.opposites import opposed
from copilot.language.quantities import conflicts
from copilot.language.unchanged import named

# "until 14 days before" says "up to"; "from 50 €" says "at least".
_STANDS_FOR = {"most": ("until",), "least": ("since",)}


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence, a sentence of the passage, their words aligned, the titles under which
    the latter stands, and the stems of the passage."""

    said: Comparable
    held: Comparable
    aligned: Alignment
    original: str
    carrier: str
    titles: str = ""
    elsewhere: frozenset[str] = frozenset()

    def covers(self, start: int, end: int) -> bool:
        """Whether something stands for a word of the passage's between `start` and `end`."""
        return any(start <= self.held.words[place].start < end for place in self.aligned.covered)

    def share(self, start: int, end: int) -> float:
        """The share of the passage's words between `start` and `end` that something stands for; 1 without words."""
        inside = [n for n, word in enumerate(self.held.words) if start <= word.start < end and not word.filler]
        return sum(n in self.aligned.covered for n in inside) / len(inside) if inside else 1.0


def objections(pair: Pair) -> Iterator[tuple[str, bool]]:
    """The names of what speaks against it, each with whether it is strict."""
    said, held = pair.said, pair.held
    yield from _named("cut", is_cut(pair.original, pair.carrier))
    yield from _named("amount", conflicts(said.amounts, held.amounts))
    yield from _named("unit", not named(said.text) <= named(held.text) | named(pair.titles))
    yield from _named("address", not within(ADDRESS, pair.original, pair.carrier))
    yield from _named("path", not _paths_within(pair.original, pair.carrier))
    yield from _named("name", bool(_new_names(pair)))
    yield from _named("denial", denied_otherwise(pair))
    yield from _named("limit", _limits_turned(pair))
    yield from _named("opposite", opposed(said.text, held.text))
    yield from _named("promise", bool(_BINDING.search(said.text)) and not _BINDING.search(held.text))
    yield from _named("order", swapped(said, held, pair.aligned))
    yield from _named("condition", drops_condition(pair, strict=True))
    yield from _named("restriction", drops_condition(pair, strict=False), strict=False)
    yield from _named("bound", drops_amount(pair) or _drops_rate(pair), strict=False)


def _named(name: str, found: bool, strict: bool = True) -> Iterator[tuple[str, bool]]:
    if found:
        yield name, strict


def _paths_within(text: str, carrier: str) -> bool:
    """A menu path is a run of the steps of one that the passage names."""
    return all(any(path in other for other in paths(carrier)) for path in paths(text))


def _new_names(pair: Pair) -> set[str]:
    held = names(f"{pair.carrier} {pair.titles}", anywhere=True)
    return {name for name in names(pair.original) if name not in held}


def denied_otherwise(pair: Pair) -> bool:
    """Whether one denies what the other does not; a denial that the sentence leaves out altogether is no matter."""
    said = [[pair.aligned.places[i] for i in _denied(pair.said, denial)] for denial in pair.said.denials]
    held = [[j for j in _denied(pair.held, denial) if j in pair.aligned.covered] for denial in pair.held.denials]
    alone = [words for words in said if not any(_meets(words, other) for other in held)]
    left = [words for words in held if words and not any(_meets(words, other) for other in said)]
    if (len(alone) + len(left)) % 2 == 0 and not (alone and left):  # "cannot without" says "can with"
        return False
    return not denies_by_meaning(pair.held.text) ^ denies_by_meaning(pair.said.text)


def _meets(words: list[int], other: list[int]) -> bool:
    """Whether both deny the same: the first of the words, or some when nothing stands for the first."""
    known = [word for word in words[:1] if word >= 0]
    return bool(set(known or words) & set(other) - {NEW, KNOWN})


def _denied(reading: Comparable, denial: Denial) -> list[int]:
    """The words that are denied: those after the negation, or before one that ends its clause."""
    after = _meaning(reading, denial.start, denial.end)
    return after or _meaning(reading, 0, denial.start)[-2:]


def _meaning(reading: Comparable, start: int, end: int) -> list[int]:
    """The words between two places without numbers, units and fillers."""
    inside = _words_within(reading, start, end)
    return [
        n for n in inside if not (reading.words[n].filler or reading.words[n].is_number or named(reading.words[n].text))
    ]


def _words_within(reading: Comparable, start: int, end: int) -> list[int]:
    return [n for n, word in enumerate(reading.words) if start <= word.start < end]


def _limits_turned(pair: Pair) -> bool:
    counted = Counter(limit.name for limit in pair.said.limits)
    reached = Counter(limit.name for limit in pair.held.limits if _reached(pair, limit))
    if turned(counted, reached):
        return True
    said, held = set(counted), set(reached)
    everything = {limit.name for limit in pair.held.limits}
    lost = {name for name in KEPT if name in held and not said & {name, *_STANDS_FOR.get(name, ())}}
    added = {name for name in KEPT if name in said and not everything & {name, *_STANDS_FOR.get(name, ())}}
    wider = {name for name in WIDENING if name in said and name not in everything}
    excused = bool(pair.held.denials) or ("free" in wider and bool(denies_by_meaning(pair.held.text)))
    return bool(lost) or (bool(added or wider) and not excused)


def _reached(pair: Pair, limit: Limit) -> bool:
    """Whether the sentence speaks of what the limit limits: the next word after it, or the last before it."""
    start, end = _segment(pair.held.text, limit.start)
    inside = [n for n in _words_within(pair.held, start, end) if not pair.held.words[n].filler]
    after = [n for n in inside if pair.held.words[n].start >= limit.end][:2]
    before = [n for n in inside if pair.held.words[n].start < limit.start][-1:]
    return any(n in pair.aligned.covered for n in (inside if limit.name == "only" else after or before))


def _segment(text: str, at: int) -> tuple[int, int]:
    """The part of the sentence between semicolons in which `at` stands."""
    end = text.find(";", at)
    return text.rfind(";", 0, at) + 1, end if end >= 0 else len(text)


def drops_amount(pair: Pair) -> bool:
    """Whether an amount is left out of a part of the passage's sentence that is said otherwise."""
    text, missing = pair.held.text, list(_numbers_left(pair))
    return any(pair.covers(*part(text, pair.held.words[n].start)) for n in missing)


# What binds in law or in money: only a passage that says so may be made to say so.
_BINDING = re.compile(
    r"\b(?:guarante\w+|promis\w+|compensat\w+|damages|indemni\w+|owe[sd]?|liab\w+|warrant\w*|approved|lawsuit|"
    r"garanti\w*|prome\w+|dommages et intérêts|redevable\w*|responsab\w+|approuvée?s?|nous vous devons)\b",
    re.IGNORECASE,
)
_RATE = re.compile(
    r"\b(?:an?|per|each|every|par|chaque)\s+(?:second|minute|hour|day|week|month|year|user|person|heure|jour|semaine|mois|an|"
    r"utilisateur|personne|nuit|night|item|unit|order|commande|article)\b",
    re.IGNORECASE,
)


def _drops_rate(pair: Pair) -> bool:
    """Whether a price is told without what it is for: "£39" of "£39 a month"."""
    rates = list(_RATE.finditer(pair.held.text))
    if (
        not rates
        or not pair.said.amounts
        or _RATE.search(pair.said.text)
        or named(pair.said.text) >= named(pair.held.text)
    ):
        return False
    return any(pair.covers(*part(pair.held.text, rate.start())) for rate in rates)


def _numbers_left(pair: Pair) -> Iterator[int]:
    said = {word.stem for word in pair.said.words if word.is_number}
    for n, word in enumerate(pair.held.words):
        if word.is_number and word.stem not in said and n not in pair.aligned.covered:
            yield n


def drops_condition(pair: Pair, *, strict: bool) -> bool:
    """Whether a condition of the passage's sentence is left out while what it conditions is said."""
    return any(
        _dropped(pair, clause) and pair.covers(*_segment(pair.held.text, clause.start))
        for clause in pair.held.clauses
        if clause.strict is strict
    )


def _dropped(pair: Pair, clause: Clause) -> bool:
    """Whether too little of the clause is said. One without words that mean something needs another in its place."""
    kept = pair.share(clause.start, clause.end)
    none_said = not any(other.strict >= clause.strict for other in pair.said.clauses)
    is_empty = not any(clause.start <= word.start < clause.end and not word.filler for word in pair.held.words)
    return (clause.strict and none_said and (is_empty or kept < 0.6)) or kept < 0.34
