"""Two arms to one ranking: a weighted mean of scores, each scaled within the query.

Reciprocal-rank fusion throws the scores away; a convex combination keeps them (Bruch, Gai, Ingber: "An Analysis of
Fusion Functions for Hybrid Retrieval", 2023). The weight is the embedder's, per language, because an embedder may know
one language better than the other (docs/adr/0003).
"""

from collections.abc import Mapping, Sequence

from copilot.inference.calibration import Calibration


def kind_of(languages: Sequence[str]) -> str:
    """What questions of an asker of `languages[0]` over passages in any of `languages` have in common."""
    return "cross" if len(languages) > 1 else languages[0]


def dense_weight(languages: Sequence[str], calibration: Calibration) -> float:
    """The dense arm's share for an asker of `languages[0]` and passages in any of `languages`."""
    return {
        "en": calibration.dense_weight_en, "fr": calibration.dense_weight_fr,
        "cross": calibration.dense_weight_cross,  # few words meet across languages, but product names and code do
    }[kind_of(languages)]  # fmt: skip


def fuse(dense: Mapping[int, float], bm25: Mapping[int, float], weight: float) -> dict[int, float]:
    """Scores in [0, 1] for every passage of either arm, best first; `weight` is the dense arm's share."""
    scaled_dense, scaled_bm25 = scaled(dense), scaled(bm25)
    fused = {
        passage: weight * scaled_dense.get(passage, 0.0) + (1 - weight) * scaled_bm25.get(passage, 0.0)
        for passage in {**dense, **bm25}
    }
    return dict(sorted(fused.items(), key=lambda item: (-item[1], item[0])))


def scaled(scores: Mapping[int, float]) -> dict[int, float]:
    """Each score's share of the best one; nothing where none is above zero."""
    top = max(scores.values(), default=0.0)
    return {passage: max(score, 0.0) / top for passage, score in scores.items()} if top > 0 else {}
