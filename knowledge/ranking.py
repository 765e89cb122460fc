"""What each arm says of the passages for each of several queries, and their fusion.

Invariant: no arm scores a blank: a passage that only the words found gets its cosine all the same. Each arm is asked
once, however many the queries, and each query is ranked as it would be alone.
"""

from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from copilot.inference.embedder import Embedder, Vectors
from copilot.language.words import stems_in
from copilot.privacy.text import Redacted
from knowledge import bm25, dense, recipes
from knowledge.fusion import dense_weight, fuse, kind_of
from knowledge.models import FusionWeight
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
    weight = 1.0 if arm == "dense" else _share(spoken, embedder)
    return Arms(spoken, embedder.recipe, scope, weight)


def _share(spoken: Sequence[str], embedder: Embedder) -> float:
    """The dense arm's: what was learnt from this knowledge base's questions, else what the embedder brings."""
    learnt = FusionWeight.objects.filter(recipe=embedder.recipe, kind=kind_of(spoken))
    own = learnt.values_list("weight", flat=True).first()
    return dense_weight(spoken, embedder.calibration) if own is None else own


def rankings(texts: Sequence[Redacted], vectors: Sequence[Vectors], arms: Arms, k: int) -> list[dict[int, Scores]]:
    """The `k` best passages for each text, best first. `vectors` are those of the texts; unread without a recipe."""
    words: list[dict[int, float]] = [{} for _ in texts]
    meaning = words
    if arms.weight < 1:
        words = bm25.search([stems_in(text.text, arms.spoken) for text in texts], arms.scope, CANDIDATES)
    if arms.recipe:
        meaning = _meaning(vectors, arms, words)
    return [_fused(near, said, arms.weight, k) for near, said in zip(meaning, words, strict=True)]


def _fused(meaning: dict[int, float], words: dict[int, float], weight: float, k: int) -> dict[int, Scores]:
    best = islice(fuse(meaning, words, weight).items(), k)
    return {passage: Scores(score, meaning.get(passage, 0.0), words.get(passage, 0.0)) for passage, score in best}


def _meaning(vectors: Sequence[Vectors], arms: Arms, also: Sequence[dict[int, float]]) -> list[dict[int, float]]:
    """The nearest passages, and the cosine of those that only the words found."""
    nearest = dense.search(vectors, arms.recipe, arms.scope, CANDIDATES)
    missing = [found.keys() - near.keys() for found, near in zip(also, nearest, strict=True)]
    rest = dense.scores(vectors, arms.recipe, missing)
    return [{**near, **others} for near, others in zip(nearest, rest, strict=True)]
