"""From what a ticket asks to the passages that drafting reads.

Invariant: the whole ticket and each thing that it asks are searched for alike, so the answer to the third question is
found although the first fills the ticket.
"""

from collections.abc import Sequence
from dataclasses import replace

from copilot.drafting.needs import Need, Needs
from copilot.drafting.types import Evidence
from copilot.inference.embedder import Embedder
from knowledge.search import other_languages, search
from knowledge.types import Hit

PASSAGES = 12
# Passages that each search hands to the fusion of all.
DEEP = 40
# What each search counts: the needs share theirs.
WHOLE, NEEDS, SUBJECT = 1.0, 0.5, 0.25


def evidence_for(needs: Needs, language: str, embedder: Embedder, k: int = PASSAGES) -> list[Evidence]:
    """The best `k` public passages in `language` for what the ticket asks, best first."""
    return _evidence(needs, [language], embedder, k)


def evidence_elsewhere(needs: Needs, language: str, embedder: Embedder, k: int = PASSAGES) -> list[Evidence]:
    """The best `k` public passages in any other language; none, at no cost, where there is no other."""
    others = other_languages(language)
    return _evidence(needs, others, embedder, k) if others else []


def _evidence(needs: Needs, languages: Sequence[str], embedder: Embedder, k: int) -> list[Evidence]:
    """Fuse the searches by a weighted mean of their scores; `dense` stays the cosine to the whole ticket."""
    share = NEEDS / len(needs.needs)
    asked = [(needs.whole, WHOLE), *((need, share) for need in needs.needs), (needs.subject, SUBJECT)]
    total = sum(weight for _, weight in asked)
    fused: dict[int, float] = {}
    hits: dict[int, Hit] = {}
    for need, weight in asked:
        for hit in _search(need, languages, needs.language, embedder):
            fused[hit.passage_id] = fused.get(hit.passage_id, 0.0) + weight * hit.score / total
            hits.setdefault(hit.passage_id, hit)
    best = sorted(fused, key=lambda passage: (-fused[passage], passage))[:k]
    return as_evidence([replace(hits[passage], score=fused[passage]) for passage in best])


def _search(need: Need, languages: Sequence[str], asker: str, embedder: Embedder) -> list[Hit]:
    return search(
        need.text, embedder=embedder, languages=languages, asker=asker, audience="customer", k=DEEP, vector=need.vector
    )


def as_evidence(hits: Sequence[Hit]) -> list[Evidence]:
    """Hits as plain values that drafting may cite."""
    return [
        Evidence(
            id=hit.passage_id, title=hit.title, heading=hit.heading, text=hit.text, language=hit.language,
            score=hit.score, dense=hit.dense, page=hit.article,
        )
        for hit in hits
    ]  # fmt: skip
