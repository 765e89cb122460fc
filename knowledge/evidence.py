"""From search hits to what drafting reads."""

from collections.abc import Sequence

from copilot.drafting.types import Evidence
from copilot.inference.embedder import Embedder
from copilot.privacy.text import Redacted
from knowledge.search import languages_for, search
from knowledge.types import Hit

PASSAGES = 10


def evidence_for(query: Redacted, language: str, embedder: Embedder, k: int = PASSAGES) -> list[Evidence]:
    """The best `k` public passages for a customer's question, best first: in their language, if there are any."""
    hits = search(query, embedder=embedder, languages=languages_for(language), audience="customer", k=k)
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
