"""What the writer learns from: needs and numbered facts, and the reply that a good agent makes of them.

Invariant: a reply holds only facts of its source, each with its own number, in the source's order.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from copilot.drafting.numbered import MOST_FACTS, answer, numbered
from copilot.privacy.text import published
from training.writer.edits import lightly
from training.writer.facts import Told
from training.writer.tickets import need

MOST_GOLD = 4
GOLD_WORDS = 70
TWO_NEEDS = 0.2
OTHERS = (0, 0, 1, 1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Example:
    """A source text and the reply to it."""

    source: str
    reply: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact beside others; `wanted` when the reply says it."""

    text: str
    wanted: bool


def examples(sections: Sequence[Told], rare: Mapping[str, float], seed: int) -> Iterator[Example]:
    """Examples without end; the same arguments give the same ones."""
    chance = random.Random(seed)  # noqa: S311 (not for secrets)
    neighbours: dict[str, list[int]] = defaultdict(list)
    for index, section in enumerate(sections):
        neighbours[section.source].append(index)
    while True:
        index = chance.randrange(len(sections))
        yield _example(index, sections, neighbours[sections[index].source], rare, chance)


def _example(
    index: int, sections: Sequence[Told], near: Sequence[int], rare: Mapping[str, float], chance: random.Random
) -> Example:
    language = sections[index].language
    asked = [index, *([chance.choice(near)] if chance.random() < TWO_NEEDS else [])]
    groups: list[list[Fact]] = []
    needs = []
    for number in dict.fromkeys(asked):
        gold = _gold(sections[number], chance)
        needs.append(need(sections[number].about, gold, language, rare, chance))
        groups.append([Fact(text, wanted=True) for text in gold])
    for number in _others(asked, near, chance):
        groups.append([Fact(chance.choice(sections[number].facts), wanted=False)])
    chance.shuffle(groups)
    return example(language, needs, [fact for group in groups for fact in group])


def example(language: str, needs: Sequence[str], facts: Sequence[Fact]) -> Example:
    """The example that these needs and facts make."""
    shown = facts[:MOST_FACTS]
    said = [(lightly(fact.text, language), number) for number, fact in enumerate(shown, 1) if fact.wanted]
    source = numbered(language, [published(need) for need in needs], [fact.text for fact in shown])
    return Example(source.text, answer(said))


def _gold(section: Told, chance: random.Random) -> list[str]:
    """Neighbouring facts of one section; a step brings its whole list."""
    start = chance.randrange(len(section.facts))
    end = start + chance.randint(1, MOST_GOLD)
    while start and section.steps[start] and section.steps[start - 1]:
        start -= 1
    while end < len(section.facts) and section.steps[end] and section.steps[end - 1]:
        end += 1
    kept: list[str] = []
    words = 0
    for text in section.facts[start:end]:
        words += len(text.split())
        if kept and words > GOLD_WORDS:
            break
        kept.append(text)
    return kept


def _others(asked: Sequence[int], near: Sequence[int], chance: random.Random) -> list[int]:
    """Sections beside those asked for: half of them from the same pages."""
    found = []
    for _ in range(chance.choice(OTHERS)):
        place = near.index(asked[0]) if chance.random() < 0.5 else None
        if place is None:
            found.append(chance.choice(near))
        else:
            found.append(near[max(0, min(len(near) - 1, place + chance.choice((-3, -2, -1, 1, 2, 3))))])
    return [number for number in found if number not in asked]
