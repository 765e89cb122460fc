"""Documentation sections as what the writer is given: facts that can be quoted, cut as a draft cuts them."""

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from copilot.drafting.types import Evidence
from copilot.drafting.units import Unit, units
from training.corpora import Section

MOST_WORDS = 45
# Manuals are long; without a limit half of the examples would be about PHP.
MOST_SECTIONS = 1_000
QUOTABLE = ("sentence", "ol", "ul", "row")


@dataclass(frozen=True, slots=True)
class Told:
    """What a section tells `about` something, fact by fact; `steps` says which are steps of a numbered list."""

    source: str
    language: str
    about: str
    facts: tuple[str, ...]
    steps: tuple[bool, ...]


def told(sections: Iterable[Section], seed: int) -> list[Told]:
    """The sections that tell a fact of a length that a reply can hold, at most MOST_SECTIONS of each source."""
    by_source: dict[str, list[Told]] = defaultdict(list)
    for section in sections:
        if quotable := _quotable(section):
            by_source[section.source].append(_told(section, quotable))
    chance = random.Random(seed)  # noqa: S311 (not for secrets)
    return [section for found in by_source.values() for section in _some(found, chance)]


def _told(section: Section, quotable: Sequence[Unit]) -> Told:
    facts = tuple(" ".join(unit.text.split()) for unit in quotable)
    steps = tuple(unit.shape == "ol" for unit in quotable)
    about = (section.heading or section.title).rpartition(" > ")[2]
    return Told(section.source, section.language, about, facts, steps)


def _quotable(section: Section) -> Sequence[Unit]:
    passage = Evidence(0, section.title, section.heading, section.text[:4000], section.language, 0.0, 0.0)
    return [
        unit for unit in units([passage])
        if unit.shape in QUOTABLE and unit.says_something and 3 <= len(unit.text.split()) <= MOST_WORDS
    ]  # fmt: skip


def _some(found: Sequence[Told], chance: random.Random) -> list[Told]:
    """As many as are allowed, in their order: neighbours stay neighbours."""
    kept = sorted(chance.sample(range(len(found)), min(MOST_SECTIONS, len(found))))
    return [found[index] for index in kept]
