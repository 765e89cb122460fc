"""From what a ticket asks to the passages that drafting reads.

Invariant: the whole ticket and each thing that it asks are searched for alike, so the answer to the third question is
found although the first fills the ticket.
"""

from collections.abc import Sequence

from copilot.drafting.needs import Needs
from copilot.drafting.types import Evidence
from copilot.inference.embedder import Embedder
from knowledge.search import Query, other_languages, search_together
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
    """All that the ticket asks, searched for at once; the whole first, so that `dense` is the cosine to it."""
    asked = [
        (needs.whole, WHOLE),
        *((need, NEEDS / len(needs.needs)) for need in needs.needs),
        (needs.subject, SUBJECT),
    ]
    queries = [Query(need.text, need.vector, weight) for need, weight in asked]
    return as_evidence(
        search_together(
            queries, embedder=embedder, languages=languages, asker=needs.language, audience="customer", k=k, deep=DEEP
        )
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
