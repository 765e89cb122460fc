"""Two arms to one ranking: a weighted mean of scores, each scaled within the query.

Reciprocal-rank fusion throws the scores away; a convex combination keeps them (Bruch, Gai, Ingber: "An Analysis of
Fusion Functions for Hybrid Retrieval", 2023). The weight is per language because the bundled embedder knows far more
English than French.
"""

from collections.abc import Mapping, Sequence

# The share of the dense arm, measured on development questions (docs/adr/0003).
DENSE_WEIGHT = {"en": 0.8, "fr": 0.55}
# A question in one language against passages in another: few words meet, but product names and code do.
CROSS_LANGUAGE_WEIGHT = 0.7


def dense_weight(languages: Sequence[str]) -> float:
    """The dense arm's share for an asker of `languages[0]` and passages in any of `languages`."""
    return DENSE_WEIGHT[languages[0]] if len(languages) == 1 else CROSS_LANGUAGE_WEIGHT


def fuse(dense: Mapping[int, float], bm25: Mapping[int, float], weight: float) -> dict[int, float]:
    """Scores in [0, 1] for every passage of either arm, best first; `weight` is the dense arm's share."""
    scaled_dense, scaled_bm25 = _scale(dense), _scale(bm25)
    fused = {
        passage: weight * scaled_dense.get(passage, 0.0) + (1 - weight) * scaled_bm25.get(passage, 0.0)
        for passage in {**dense, **bm25}
    }
    return dict(sorted(fused.items(), key=lambda item: (-item[1], item[0])))


def _scale(scores: Mapping[int, float]) -> dict[int, float]:
    top = max(scores.values(), default=0.0)
    return {passage: max(score, 0.0) / top for passage, score in scores.items()} if top > 0 else {}
