"""From a request to a draft: what the knowledge base says in the customer's language, else what it says in another.

Invariant: another language is read only where the customer's own holds no answer, so a second search costs time only
before an abstention. Where the customer's own has articles, the question may well have no answer at all: then another
language must reach the threshold of the own, and come nearer than what was not near enough.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from copilot.drafting.draft import draft
from copilot.drafting.types import Draft, Evidence, Request
from copilot.inference.embedder import Embedder
from copilot.inference.generator import Generator
from copilot.privacy.text import Redacted
from knowledge.evidence import evidence_elsewhere, evidence_for

Search = Callable[[Redacted, str, Embedder], list[Evidence]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A draft, the passages it was written from, and the seconds that each stage took."""

    draft: Draft
    evidence: list[Evidence]
    retrieve: float
    write: float


def answer(request: Request, *, embedder: Embedder, generator: Generator | None = None) -> Answer:
    """The draft from the customer's own language, or from another; an abstention when neither carries one."""
    own = _attempt(evidence_for, request, embedder, generator, 0.0)
    if not own.draft.abstained:
        return own
    least = max(embedder.calibration.answer_threshold, own.draft.nearness) if own.evidence else 0.0
    other = _attempt(evidence_elsewhere, request, embedder, generator, least)
    best = own if other.draft.abstained and own.evidence else other
    return replace(best, retrieve=own.retrieve + other.retrieve, write=own.write + other.write)


def _attempt(search: Search, request: Request, embedder: Embedder, generator: Generator | None, least: float) -> Answer:
    started = time.perf_counter()
    evidence = search(request.text, request.language, embedder)
    found = time.perf_counter()
    written = draft(request, evidence, embedder=embedder, generator=generator, least=least)
    return Answer(written, evidence, found - started, time.perf_counter() - found)
