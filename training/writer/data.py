"""The data of a run: documentation, and which sources of it training never sees."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from training import corpora
from training.writer.examples import Example, examples
from training.writer.facts import Told, told
from training.writer.tickets import rarity

# One source in so many is held out, whole: a writer must copy words of products that it never read about.
HELD_OUT = 12


@dataclass(frozen=True, slots=True)
class WriterData:
    """Sections to learn from, sections held out, and how rare each word is."""

    seen: list[Told]
    held_out: list[Told]
    rare: dict[str, float]

    def examples(self, seed: int) -> Iterator[Example]:
        """Examples without end."""
        return examples(self.seen, self.rare, seed)

    def measured(self, many: int) -> list[Example]:
        """The examples that a run is measured on, always the same."""
        return list(islice(examples(self.held_out, self.rare, 0), many))


def read(folder: Path, seed: int) -> WriterData:
    """`folder/*.jsonl.gz`, laid out as docs/training.md says. Raises FileNotFoundError when there is none."""
    sections = corpora.sections(folder)
    if not sections:
        raise FileNotFoundError(f"{folder} has no .jsonl.gz file of documentation sections")
    hidden = _hidden(sorted({section.source for section in sections}), seed)
    found = told(sections, seed)
    rare = rarity((fact, section.language) for section in found for fact in section.facts)
    seen = [section for section in found if section.source not in hidden]
    return WriterData(seen, [section for section in found if section.source in hidden] or seen, rare)


def _hidden(sources: list[str], seed: int) -> set[str]:
    chance = random.Random(seed)  # noqa: S311 (not for secrets)
    return set(chance.sample(sources, len(sources) // HELD_OUT))
