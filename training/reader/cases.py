"""Labelled tickets read as the product reads them: retrieval, passages, units, features.

Invariant: features come from the functions that serve (`knowledge.evidence`, `copilot.drafting`), so what is learned
is what will be seen.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from copilot.drafting.needs import needs
from copilot.drafting.sheet import Floats, Sheet, sheet
from copilot.drafting.types import Evidence, Request
from copilot.inference.embedder import Embedder
from copilot.privacy import redact
from knowledge.evidence import evidence_elsewhere, evidence_for
from training.reader.examples import Example, Quote

_WORD = re.compile(r"\w+")
_LINK = re.compile(r"\]\([^)]*\)")
# A unit is gold when this share of its three-word runs stands in a quote, or of the quote's in the unit.
SAME = 0.5


@dataclass(frozen=True, slots=True)
class Case:
    """A sheet, which of its units and pages are gold (0 or 1, shapes (units,) and (pages,)), and whether any is."""

    id: str
    source: str
    kind: str
    sheet: Sheet
    units: Floats
    pages: Floats

    @property
    def answered(self) -> bool:
        """Whether the evidence answers: a page that holds the answer was found."""
        return bool(self.pages.any())


def cases(examples: Iterable[Example], embedder: Embedder) -> Iterator[Case]:
    """One case for each example that finds anything; the knowledge base holds the articles of their source."""
    for example in examples:
        if (found := case(example, embedder)) is not None:
            yield found


def case(example: Example, embedder: Embedder) -> Case | None:
    """What the product would read for this ticket; None when nothing is found."""
    request = Request(redact(example.subject), redact(example.body), example.language)
    asked = needs(request, embedder)
    evidence = evidence_for(asked, example.language, embedder) or evidence_elsewhere(asked, example.language, embedder)
    if not evidence:
        return None
    read = sheet(asked, evidence, embedder)
    return labelled(example, read) if read.quotable.any() else None


def labelled(example: Example, read: Sheet) -> Case:
    """The case of a sheet that has been read."""
    gold_pages = {quote.page for quote in example.quotes}
    pages = np.zeros(read.pages)
    for passage, page in zip(read.evidence, read.page, strict=True):
        pages[page] = passage.page in gold_pages
    units = [float(is_gold(unit.text, read.evidence[unit.evidence].page, example.quotes)) for unit in read.units]
    return Case(example.id, example.source, example.kind, read, np.array(units, dtype=np.float64), pages)


def without_answer(one: Case, embedder: Embedder) -> Case | None:
    """The case as if its gold pages had never been written: a question that the rest does not answer."""
    kept = [passage for passage, page in zip(one.sheet.evidence, one.sheet.page, strict=True) if not one.pages[page]]
    if not one.answered or not kept:
        return None
    read = sheet(one.sheet.needs, _rescored(kept), embedder)
    if not read.quotable.any():
        return None
    return replace(one, id=f"{one.id}-without", sheet=read, units=np.zeros(len(read.units)), pages=np.zeros(read.pages))


def _rescored(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Fused scores are relative to the best passage, which may be gone."""
    best = max(passage.score for passage in evidence)
    return [replace(passage, score=passage.score / best if best > 0 else 0.0) for passage in evidence]


def is_gold(text: str, page: str, quotes: Sequence[Quote]) -> bool:
    """Whether a unit says what a quote of its page says."""
    said = _runs(text)
    for quote in quotes:
        if quote.page == page and said and (gold := _runs(quote.text)):
            shared = len(said & gold)
            if shared / len(said) >= SAME or (len(gold) > 1 and shared / len(gold) >= SAME):
                return True
    return False


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(_LINK.sub("]", text).lower())
    return {tuple(words[start : start + 3]) for start in range(max(1, len(words) - 2))} if words else set()
