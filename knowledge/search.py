"""The one way to find passages.

Invariant: nothing outside `languages` and `audience` is ever returned, whichever arm found it.
"""

from collections.abc import Sequence

from copilot.inference.embedder import Embedder, Vectors
from copilot.language.words import stems_in
from copilot.privacy.text import Redacted
from knowledge import bm25, dense
from knowledge.fusion import dense_weight, fuse
from knowledge.models import Passage
from knowledge.scope import Audience, Scope
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
) -> list[Hit]:
    """The `k` best passages for `query`, best first.

    `languages` are those the passages may be in, the asker's first; `audience` "customer" sees public passages
    only; `arm` is "hybrid", or "bm25" or "dense" alone.
    """
    scope = Scope(languages, audience)
    vector = embedder.embed([query])[0] if arm != "bm25" else None
    words = bm25.search(stems_in(query.text, languages), scope, CANDIDATES) if arm != "dense" else {}
    meaning = _dense_scores(vector, embedder.recipe, scope, list(words)) if vector is not None else {}
    ranked = fuse(meaning, words, _weight(arm, languages))
    return _hits(dict(list(ranked.items())[:k]), meaning, words)


def _weight(arm: str, languages: Sequence[str]) -> float:
    return {"bm25": 0.0, "dense": 1.0}.get(arm, dense_weight(languages))


def _dense_scores(vector: Vectors, recipe: str, scope: Scope, also: Sequence[int]) -> dict[int, float]:
    """The nearest passages, and the cosine of those that only the words found: no arm scores a blank."""
    nearest = dense.search(vector, recipe, scope, CANDIDATES)
    missing = [passage for passage in also if passage not in nearest]
    return {**nearest, **dense.scores(vector, recipe, missing)}


def _hits(ranked: dict[int, float], meaning: dict[int, float], words: dict[int, float]) -> list[Hit]:
    passages = Passage.objects.select_related("version__article").defer("vector", "version__body").in_bulk(ranked)
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


def languages_for(language: str) -> list[str]:
    """`language` first; others only when the knowledge base has no public passage in it."""
    present = set(
        Passage.objects.filter(current=True, visibility="public")
        .order_by()
        .values_list("language", flat=True)
        .distinct()
    )
    return [language] if language in present or not present else [language, *sorted(present)]
