"""A customer's own reviewed drafts as labelled tickets: what an agent kept answers, what was deleted does not.

Invariant: nothing of a customer's text is written anywhere: reviews become features in memory, and weights are all
that stays. How reviews are kept is the caller's: they come as plain values.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from copilot.drafting.needs import needs
from copilot.drafting.sheet import sheet
from copilot.drafting.types import Request
from copilot.inference.embedder import Embedder
from knowledge.evidence import evidence_elsewhere, evidence_for
from training.reader.cases import Case, labelled
from training.reader.examples import Example, Quote

SOURCE = "reviewed drafts"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A ticket whose draft was accepted, and the cited sentences that were still in the reply that went out."""

    id: str
    request: Request
    kept: tuple[Quote, ...]


def own_cases(reviews: Iterable[Reviewed], embedder: Embedder) -> Iterator[Case]:
    """A case for each review that kept a sentence, read in the knowledge base that stands now.

    Sentences that the agent deleted are among the passages and not among the quotes: they count as wrong.
    """
    for review in reviews:
        request = review.request
        asked = needs(request, embedder)
        evidence = evidence_for(asked, request.language, embedder) or evidence_elsewhere(
            asked, request.language, embedder
        )
        read = sheet(asked, evidence, embedder) if evidence and review.kept else None
        if read is not None and read.quotable.any():
            yield labelled(_example(review), read)


def _example(review: Reviewed) -> Example:
    request = review.request
    return Example(
        review.id, SOURCE, request.language, request.subject.text, request.body.text, "answerable", review.kept
    )
