"""All the lists of a run, and which products they never show.

Invariant: of a product that is held out, nothing is learnt from: neither its pages nor tickets about it.
"""

import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from copilot.inference.embedder import Embedder
from training import corpora
from training.corpora import Section
from training.reader.examples import Example, examples
from training.reader.library import Library
from training.reranker.faq import faqs, from_faqs
from training.reranker.headings import from_documentation, translations
from training.reranker.lists import Listed, shelf
from training.reranker.recipe import RerankerRecipe
from training.reranker.tickets import answers_it, from_tickets

# One labelled product in so many is held out; the choice of `share` wants many questions.
HELD_OUT = 3
FILE = "lists.jsonl"


@dataclass(frozen=True, slots=True)
class Source:
    """Where data lies: `folder` as docs/training.md lays it out, `labels` with tickets about it."""

    folder: Path
    labels: Path

    @property
    def documents(self) -> Path:
        """The documentation sections."""
        return self.folder / "docs-corpus"

    def tickets(self) -> list[Example]:
        """The labelled tickets that have an answer."""
        return [one for one in examples(self.labels, Library(self.documents)) if one.quotes]


def held_out(tickets: Sequence[Example], seed: int) -> list[str]:
    """The products that are held out."""
    products = sorted({one.source for one in tickets})
    return sorted(random.Random(seed).sample(products, max(1, len(products) // HELD_OUT)))  # noqa: S311 (no secret)


def gather(
    source: Source, work: Path, embedder: Embedder, recipe: RerankerRecipe, say: Callable[[str], None]
) -> list[Listed]:
    """The lists of the run in `work`, made once. Raises FileNotFoundError when there is no documentation."""
    file = work / FILE
    if not file.exists():
        half = file.with_suffix(".half")
        found = _made(source, embedder, recipe, say)
        half.write_text("".join(json.dumps(asdict(one)) + "\n" for one in found), encoding="utf-8")
        half.rename(file)
    rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [Listed(**{**row, "passages": tuple(row["passages"])}) for row in rows]


def _made(source: Source, embedder: Embedder, recipe: RerankerRecipe, say: Callable[[str], None]) -> list[Listed]:
    sections = corpora.sections(source.documents)
    if not sections:
        raise FileNotFoundError(f"{source.documents} has no .jsonl.gz file of documentation sections")
    tickets, chance = source.tickets(), random.Random(recipe.seed)  # noqa: S311 (no secret)
    hidden = set(held_out(tickets, recipe.seed))
    pairs = source.folder / "parallel-en-fr"
    others = translations(corpora.pairs(pairs)) if pairs.exists() else {}
    found = list(from_faqs(faqs(source.folder, embedder, recipe.entities, chance), embedder, recipe, chance))
    for name, own in _by_source(one for one in sections if one.source not in hidden).items():
        about = [one for one in tickets if one.source == name]
        on = shelf(_pages(own, about, recipe.sections, chance), embedder)
        found += from_documentation(on, others, embedder, recipe, chance)
        found += from_tickets(about, on, embedder, recipe, chance)
        say(f"{name}: {len(found)} lists")
    return found


def _by_source(sections: Iterable[Section]) -> dict[str, list[Section]]:
    found: dict[str, list[Section]] = defaultdict(list)
    for section in sections:
        found[section.source].append(section)
    return found


def _pages(sections: Sequence[Section], tickets: Sequence[Example], most: int, chance: random.Random) -> list[Section]:
    """About `most` sections, of whole pages, first those that tickets were labelled with."""
    pages: dict[str, list[Section]] = defaultdict(list)
    for section in sections:
        if len(section.text.split()) >= 8:
            pages[section.title].append(section)
    titles = chance.sample(sorted(pages), len(pages))
    titles.sort(key=lambda title: not any(answers_it(one, ticket) for one in pages[title] for ticket in tickets))
    found: list[Section] = []
    for title in titles:
        if len(found) < most:
            found += pages[title][:most]
    return found
