"""The best of a search ranked again by a model that reads the question and each passage together.

Invariant: nothing is found or lost: the first DEPTH hits change places among themselves, the others stay behind them.
`score` remains the fusion's.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from copilot.inference.reranker import Reranker, Scores
from copilot.privacy.text import Redacted
from knowledge.types import Hit

DEPTH = 20


def rerank(hits: Sequence[Hit], query: Redacted, reranker: Reranker) -> list[Hit]:
    """The hits, the first DEPTH of them by fusion and `share` of the standardised reranker score, best first."""
    best, rest = hits[:DEPTH], hits[DEPTH:]
    scores = standardised(reranker.score(query, [read_text(hit.title, hit.heading, hit.text) for hit in best]))
    judged = [replace(hit, rerank=float(score)) for hit, score in zip(best, scores, strict=True)]
    places = np.argsort([-(hit.score + reranker.share * (hit.rerank or 0.0)) for hit in judged], kind="stable")
    return [*(judged[place] for place in places), *rest]


def read_text(title: str, heading: str, text: str) -> str:
    """What the reranker reads of a passage."""
    return "\n".join(part for part in (title, heading, text) if part)


def standardised(scores: Scores) -> Scores:
    """Mean 0 and deviation 1, shape (passages,); all 0 where they do not differ."""
    spread = scores.std() if len(scores) else 0.0
    return (scores - scores.mean()) / spread if spread > 0 else np.zeros_like(scores)
