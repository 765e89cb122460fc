"""From search hits to what drafting reads."""

from collections.abc import Sequence

from copilot.drafting.types import Evidence
from copilot.inference.embedder import Embedder
from copilot.privacy.text import Redacted
from knowledge.search import other_languages, search
from knowledge.types import Hit

PASSAGES = 10


def evidence_for(query: Redacted, language: str, embedder: Embedder, k: int = PASSAGES) -> list[Evidence]:
    """The best `k` public passages in the customer's language for their question, best first."""
    return as_evidence(search(query, embedder=embedder, languages=[language], audience="customer", k=k))


def evidence_elsewhere(query: Redacted, language: str, embedder: Embedder, k: int = PASSAGES) -> list[Evidence]:
    """The best `k` public passages in any other language; none, at no cost, where there is no other."""
    others = other_languages(language)
    if not others:
        return []
    hits = search(query, embedder=embedder, languages=others, asker=language, audience="customer", k=k)
    return as_evidence(hits)


def as_evidence(hits: Sequence[Hit]) -> list[Evidence]:
    """Hits as plain values that drafting may cite."""
    return [
        Evidence(
            id=hit.passage_id, title=hit.title, heading=hit.heading, text=hit.text, language=hit.language,
            score=hit.score, dense=hit.dense, page=hit.article,
        )
        for hit in hits
    ]  # fmt: skip
