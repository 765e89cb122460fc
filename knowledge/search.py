"""The one way to find passages.

Invariant: nothing outside `languages` and `audience` is ever returned, whichever arm found it; a question is compared
with vectors of its own recipe only.
"""

from collections.abc import Sequence

from copilot.inference.embedder import Embedder, Vectors
from copilot.language.words import stems_in
from copilot.privacy.text import Redacted
from knowledge import bm25, dense, recipes
from knowledge.fusion import dense_weight, fuse
from knowledge.models import Passage
from knowledge.scope import Audience, Scope
from knowledge.snapshot import snapshot
from knowledge.types import Hit

CANDIDATES = 100


def search(
    query: Redacted,
    *,
    embedder: Embedder,
    languages: Sequence[str],
    audience: Audience,
    k: int,
    arm: str = "hybrid",
    asker: str = "",
    vector: Vectors | None = None,
) -> list[Hit]:
    """The `k` best passages for `query`, best first.

    `embedder` is the one that serves (`recipes.serving_embedder()`); one that has not read every passage is not
    asked: words alone find then. `languages` are those the passages may be in; `audience` "customer" sees public
    passages only; `arm` is "hybrid", or "bm25" or "dense" alone; `asker` is the question's language, when that is not
    the first of `languages`; `vector` is the query's, where it has been embedded already.
    """
    scope, spoken = Scope(languages, audience), list(dict.fromkeys([asker or languages[0], *languages]))
    stems = stems_in(query.text, spoken)
    if arm == "bm25" or not recipes.is_whole(embedder.recipe):
        return _found(stems, None, "", scope, 0.0, k)
    weight = 1.0 if arm == "dense" else dense_weight(spoken, embedder.calibration)
    asked = embedder.embed([query])[0] if vector is None else vector
    return _found(stems, asked, embedder.recipe, scope, weight, k)


def _found(stems: Sequence[str], vector: Vectors | None, recipe: str, scope: Scope, weight: float, k: int) -> list[Hit]:
    """`weight` is the dense arm's share: none without a vector, and all of it leaves the words out."""
    with snapshot():
        words = bm25.search(stems, scope, CANDIDATES) if weight < 1 else {}
        meaning = _dense_scores(vector, recipe, scope, list(words)) if vector is not None else {}
        ranked = fuse(meaning, words, weight)
        return _hits(dict(list(ranked.items())[:k]), meaning, words)


def _dense_scores(vector: Vectors, recipe: str, scope: Scope, also: Sequence[int]) -> dict[int, float]:
    """The nearest passages, and the cosine of those that only the words found: no arm scores a blank."""
    nearest = dense.search(vector, recipe, scope, CANDIDATES)
    missing = [passage for passage in also if passage not in nearest]
    return {**nearest, **dense.scores(vector, recipe, missing)}


def _hits(ranked: dict[int, float], meaning: dict[int, float], words: dict[int, float]) -> list[Hit]:
    passages = Passage.objects.select_related("version__article").defer("version__body").in_bulk(ranked)
    return [
        Hit(
            passage_id=pk, article=passage.version.article.external_id, title=passage.version.title,
            section=passage.version.section, heading=passage.heading, text=passage.text,
            language=passage.language, visibility=passage.visibility, score=score,
            dense=meaning.get(pk, 0.0), bm25=words.get(pk, 0.0),
        )
        for pk, score in ranked.items()
        if (passage := passages.get(pk)) is not None
    ]  # fmt: skip


def other_languages(language: str) -> list[str]:
    """The languages beside `language` in which the knowledge base has public passages."""
    public = Passage.objects.filter(current=True, visibility="public").exclude(language=language)
    return sorted(public.order_by().values_list("language", flat=True).distinct())
