"""What each arm says of the passages for one query, and their fusion.

Invariant: no arm scores a blank: a passage that only the words found gets its cosine all the same.
"""

from collections.abc import Sequence
from typing import NamedTuple

from copilot.inference.embedder import Embedder, Vectors
from copilot.language.words import stems_in
from copilot.privacy.text import Redacted
from knowledge import bm25, dense, recipes
from knowledge.fusion import dense_weight, fuse
from knowledge.scope import Scope

CANDIDATES = 100


class Scores(NamedTuple):
    """What found a passage: the fusion in [0, 1], the cosine, Okapi's sum."""

    fused: float
    dense: float
    bm25: float


class Arms(NamedTuple):
    """What searches. Without a `recipe` no vectors do; `weight` is their share, and all of it leaves the words out."""

    spoken: Sequence[str]
    recipe: str
    scope: Scope
    weight: float


def arms_of(embedder: Embedder, scope: Scope, asker: str, arm: str) -> Arms:
    """The arms that can be asked; words alone where the embedder has not read every passage."""
    spoken = list(dict.fromkeys([asker, *scope.languages]))
    if arm == "bm25" or not recipes.is_whole(embedder.recipe):
        return Arms(spoken, "", scope, 0.0)
    weight = 1.0 if arm == "dense" else dense_weight(spoken, embedder.calibration)
    return Arms(spoken, embedder.recipe, scope, weight)


def ranking(query: Redacted, vector: Vectors | None, asked: Arms, k: int) -> dict[int, Scores]:
    """The `k` best passages, best first."""
    words = bm25.search(stems_in(query.text, asked.spoken), asked.scope, CANDIDATES) if asked.weight < 1 else {}
    meaning: dict[int, float] = {}
    if asked.recipe and vector is not None:
        meaning = _dense_scores(vector, asked.recipe, asked.scope, list(words))
    best = list(fuse(meaning, words, asked.weight).items())[:k]
    return {passage: Scores(score, meaning.get(passage, 0.0), words.get(passage, 0.0)) for passage, score in best}


def _dense_scores(vector: Vectors, recipe: str, scope: Scope, also: Sequence[int]) -> dict[int, float]:
    """The nearest passages, and the cosine of those that only the words found: no arm scores a blank."""
    nearest = dense.search(vector, recipe, scope, CANDIDATES)
    missing = [passage for passage in also if passage not in nearest]
    return {**nearest, **dense.scores(vector, recipe, missing)}
