"""What retrieval hands on: plain frozen values, never rows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query. `dense` is a cosine, `bm25` Okapi's sum, `score` their fusion in [0, 1].
    `rerank` is the reranker's score, standardised over what it read; None where it read nothing.

    `words` are those of the query that it has; `also` the passages (ids) that say the same and were ranked below it.
    """

    passage_id: int
    article: str
    title: str
    section: str
    heading: str
    text: str
    language: str
    visibility: str
    score: float
    dense: float
    bm25: float
    words: tuple[str, ...] = ()
    also: tuple[int, ...] = ()
    rerank: float | None = None
