"""From a request to a draft: what the knowledge base says in the customer's language, else what it says in another.

Invariant: another language is read only where the customer's own does not surely answer, so a second search costs time
for doubtful tickets alone. Both are judged by the same probability that the evidence answers; the other language must
come out ahead to be preferred, since an answer in the customer's own words is worth more.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from copilot.drafting.draft import draft
from copilot.drafting.needs import Needs, needs
from copilot.drafting.reader import reader_for
from copilot.drafting.reading import Reader
from copilot.drafting.types import Draft, Evidence, Progress, Request
from copilot.inference.embedder import Embedder
from copilot.inference.generator import Generator
from knowledge.evidence import evidence_elsewhere, evidence_for
from knowledge.picked import picked

Search = Callable[[Needs, str, Embedder], list[Evidence]]
# How much surer another language must be than an answer in the customer's own.
AHEAD = 0.15


@dataclass(frozen=True, slots=True)
class Answer:
    """A draft, the passages it was written from, best first, and the seconds that each stage took."""

    draft: Draft
    evidence: list[Evidence]
    retrieve: float
    write: float


def answer(
    request: Request,
    *,
    embedder: Embedder,
    generator: Generator | None = None,
    progress: Progress | None = None,
    reader: Reader | None = None,
) -> Answer:
    """The draft from the customer's own language, or from another; an abstention when neither carries one."""
    started = time.perf_counter()
    judge = reader or reader_for(embedder)
    asked = needs(request, embedder)
    desk = _Desk(request, asked, embedder, generator, progress, judge)
    reading = time.perf_counter() - started
    own = desk.attempt(evidence_for, 0.0)
    own = replace(own, retrieve=reading + own.retrieve)
    if own.draft.reason == "not_a_question" or own.draft.nearness >= judge.sure or request.pinned:
        return own
    other = desk.attempt(evidence_elsewhere, _least(own, judge))
    best = own if other.draft.abstained and own.evidence else other
    return replace(best, retrieve=own.retrieve + other.retrieve, write=own.write + other.write)


def _least(own: Answer, reader: Reader) -> float:
    """What another language must exceed: nothing where the customer's own has no article, else what that reached."""
    if not own.evidence:
        return 0.0
    return max(own.draft.nearness, reader.beside) if own.draft.abstained else own.draft.nearness + AHEAD


@dataclass(frozen=True, slots=True)
class _Desk:
    """What both attempts share."""

    request: Request
    asked: Needs
    embedder: Embedder
    generator: Generator | None
    progress: Progress | None
    reader: Reader

    def attempt(self, search: Search, least: float) -> Answer:
        """Search, read and write; abstain unless the probability of an answer exceeds `least`."""
        started = time.perf_counter()
        if self.progress:
            self.progress("retrieve", ())
        evidence = picked(self.request, search(self.asked, self.request.language, self.embedder))
        found = time.perf_counter()
        written = draft(
            self.request, evidence, embedder=self.embedder, generator=self.generator, least=least,
            progress=self.progress, reader=self.reader, asked=self.asked,
        )  # fmt: skip
        place = {passage: order for order, passage in enumerate(written.ranked)}
        ranked = sorted(evidence, key=lambda passage: place.get(passage.id, len(place)))
        return Answer(written, ranked, found - started, time.perf_counter() - found)
