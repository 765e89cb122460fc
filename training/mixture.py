"""What the student reads, and what each text should mean.

Invariant: what is held out is in no example. A French text should get the vector that MiniLM gives its English twin,
an English text the one that MiniLM gives itself; French questions should be near what answers them.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from training.corpora import Pair, Section

_T = TypeVar("_T")
# Manuals are long; without a limit two thirds of the examples would be about programming.
MOST_PAIRS = 12_000
MOST_LONG = 500
MOST_ANSWERS = 450
HELD_OUT = 1_000
WINDOW = 4  # neighbouring pairs that make a text as long as a passage
ENGLISH_TWINS, QUESTIONS, PASSAGES = 25_000, 20_000, 7_000
PASSAGE_WORDS = 90


@dataclass(frozen=True, slots=True)
class Example:
    """The student's vector of `text` should be MiniLM's of `meaning`, which is English."""

    text: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A French heading or question and what stands under it."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Mixture:
    """One epoch, in no order, and the pairs it never shows."""

    examples: list[Example]
    answers: list[Answer]
    held_out: list[Pair]


def mix(pairs: Sequence[Pair], sections: Sequence[Section], questions: Sequence[str], seed: int) -> Mixture:
    """The training data of one run; the same arguments give the same mixture."""
    chance = random.Random(seed)  # noqa: S311 (not for secrets)
    held_out = chance.sample(pairs, min(HELD_OUT, len(pairs) // 10))
    hidden = {pair.english for pair in held_out} | {pair.french for pair in held_out}
    seen = [pair for pair in pairs if pair.english not in hidden and pair.french not in hidden]
    examples = [
        *_some_of_each(((pair.source, Example(pair.french, pair.english)) for pair in seen), MOST_PAIRS, chance),
        *_some_of_each(_long(seen), MOST_LONG, chance),
        *(Example(pair.english, pair.english) for pair in _some(seen, ENGLISH_TWINS, chance)),
        *(Example(text, text) for text in _some(questions, QUESTIONS, chance)),
        *(Example(text, text) for text in _passages(sections, chance)),
    ]
    answers = _some_of_each(_answers(sections), MOST_ANSWERS, chance)
    return Mixture(list(dict.fromkeys(examples)), answers, held_out)


def _long(pairs: Sequence[Pair]) -> Iterator[tuple[str, Example]]:
    """Neighbouring pairs joined, by source: what help centres hold is longer than sentences."""
    for start in range(0, len(pairs), WINDOW):
        window = pairs[start : start + WINDOW]
        if len({pair.source for pair in window}) == 1:
            french, english = " ".join(pair.french for pair in window), " ".join(pair.english for pair in window)
            yield window[0].source, Example(french, english)


def _passages(sections: Iterable[Section], chance: random.Random) -> list[str]:
    """English sections as the knowledge base embeds them: title, heading, beginning of the text."""
    texts = [_cut(f"{s.title}\n{s.heading}\n{s.text}") for s in sections if s.language == "en"]
    return _some(texts, PASSAGES, chance)


def _answers(sections: Iterable[Section]) -> Iterator[tuple[str, Answer]]:
    """French headings with their sections, by source; a heading of one word ("Options") asks nothing."""
    found: dict[tuple[str, str], Answer] = {}
    for section in sections:
        asked = section.heading or section.title
        if section.language == "fr" and len(asked.split()) >= 3 and len(section.text.split()) >= 15:
            found.setdefault((section.source, asked), Answer(asked, _cut(section.text)))
    return ((source, answer) for (source, _), answer in found.items())


def _cut(text: str) -> str:
    return " ".join(text.split()[:PASSAGE_WORDS])


def _some_of_each(items: Iterable[tuple[str, _T]], most: int, chance: random.Random) -> list[_T]:
    """At most `most` items of every source."""
    by_source: dict[str, list[_T]] = defaultdict(list)
    for source, item in items:
        by_source[source].append(item)
    return [item for found in by_source.values() for item in _some(found, most, chance)]


def _some(items: Sequence[_T], most: int, chance: random.Random) -> list[_T]:
    return chance.sample(items, min(most, len(items)))
