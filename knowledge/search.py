"""The one way to find passages.

Invariant: nothing outside `languages` and `audience` is ever returned, whichever arm found it; a question is compared
with vectors of its own recipe only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from copilot.inference.embedder import Embedder, Vectors
from copilot.inference.reranker import Reranker
from copilot.language.words import words_by_stem
from copilot.privacy.text import Redacted
from knowledge import corpus
from knowledge.abbreviations import glossed
from knowledge.folding import fold
from knowledge.models import Posting
from knowledge.ranking import Arms, Scores, arms_of, rankings
from knowledge.reranking import DEPTH, rerank
from knowledge.scope import Audience, Scope
from knowledge.snapshot import snapshot
from knowledge.types import Hit


class Query(NamedTuple):
    """One of several that are asked at once: its vector has shape (384,)."""

    text: Redacted
    vector: Vectors
    weight: float


def search(  # noqa: PLR0913 (each is said by its name)
    query: Redacted,
    *,
    embedder: Embedder,
    languages: Sequence[str],
    audience: Audience,
    k: int,
    arm: str = "hybrid",
    asker: str = "",
    vector: Vectors | None = None,
    reranker: Reranker | None = None,
) -> list[Hit]:
    """The `k` best passages for `query`, best first.

    `embedder` is the one that serves (`recipes.serving_embedder()`); one that has not read every passage is not
    asked: words alone find then. `languages` are those the passages may be in; `audience` "customer" sees public
    passages only; `arm` is "hybrid", or "bm25" or "dense" alone; `asker` is the question's language, when that is not
    the first of `languages`; `vector` is the query's, where it has been embedded already; `reranker` ranks the
    best again, once the database has been let go.
    """
    arms = arms_of(embedder, Scope(languages, audience), asker or languages[0], arm)
    [asked] = glossed([query], arms.scope)
    if arms.recipe and (vector is None or asked != query):
        vector = embedder.embed([asked])[0]
    deep = k if reranker is None else max(k, DEPTH)
    with snapshot():
        [ranked] = rankings([asked], [] if vector is None else [vector], arms, _enough(deep))
        hits = _with_words(fold(_hits(ranked, arms.scope))[:deep], query, arms)
    return hits if reranker is None else rerank(hits, asked, reranker)[:k]


def search_together(
    queries: Sequence[Query], *, embedder: Embedder, languages: Sequence[str], audience: Audience, k: int, deep: int,
    asker: str,
) -> list[Hit]:  # fmt: skip
    """The `k` best passages for several queries, each of which counts by its weight; rest as in `search`.

    Each query hands its `deep` best to the fusion, a weighted mean of their scores. `dense` and `bm25` of a hit are
    those of the first query that found it. One moment of the database and one question to each arm for all of them,
    and only what is returned is read.
    """
    arms, total = arms_of(embedder, Scope(languages, audience), asker, "hybrid"), sum(query.weight for query in queries)
    asked = _glossed(queries, arms, embedder)
    fused: dict[int, float] = {}
    found: dict[int, Scores] = {}
    with snapshot():
        for query, ranked in zip(queries, _ranked(asked, arms, deep), strict=True):
            for passage, scores in ranked.items():
                fused[passage] = fused.get(passage, 0.0) + query.weight * scores.fused / total
                found.setdefault(passage, scores)
        best = sorted(fused, key=lambda passage: (-fused[passage], passage))[: _enough(k)]
        return fold(_hits({passage: found[passage]._replace(fused=fused[passage]) for passage in best}, arms.scope))[:k]


def _glossed(queries: Sequence[Query], arms: Arms, embedder: Embedder) -> list[Query]:
    """The queries with their abbreviations spelt out; those that have any are embedded again, together."""
    texts = glossed([query.text for query in queries], arms.scope)
    changed = [text for text, query in zip(texts, queries, strict=True) if text != query.text]
    made = iter(embedder.embed(changed) if changed and arms.recipe else ())
    return [
        query if text == query.text else query._replace(text=text, vector=next(made, query.vector))
        for text, query in zip(texts, queries, strict=True)
    ]


def _enough(k: int) -> int:
    """How many to look at, so that `k` are left when repetitions are folded."""
    return max(2 * k, k + 10)


def _ranked(queries: Sequence[Query], arms: Arms, deep: int) -> list[dict[int, Scores]]:
    """What each query finds; those of one text are asked once, as the ticket that is a single question is."""
    distinct = {query.text.text: query for query in queries}
    asked = distinct.values()
    ranked = rankings([query.text for query in asked], [query.vector for query in asked], arms, deep)
    found = dict(zip(distinct, ranked, strict=True))
    return [found[query.text.text] for query in queries]


def _hits(ranked: Mapping[int, Scores], scope: Scope) -> list[Hit]:
    """The passages themselves say last whether they may be seen: the arms' rows only repeat it."""
    passages = scope.passages().select_related("version__article").defer("version__body").in_bulk(ranked)
    return [
        Hit(
            passage_id=pk, article=passage.version.article.external_id, title=passage.version.title,
            section=passage.version.section, heading=passage.heading, text=passage.text,
            language=passage.language, visibility=passage.visibility, score=scores.fused,
            dense=scores.dense, bm25=scores.bm25,
        )
        for pk, scores in ranked.items()
        if (passage := passages.get(pk)) is not None
    ]  # fmt: skip


def _with_words(hits: Sequence[Hit], query: Redacted, arms: Arms) -> list[Hit]:
    """The hits with the words of the query that each has, as they stand in the query."""
    said = {stem: word for language in reversed(arms.spoken) for word, stem in words_by_stem(query.text, language)}
    shared = Posting.objects.filter(passage__in=[hit.passage_id for hit in hits], term__stem__in=said)
    having: dict[int, set[str]] = {}
    for term, passage in shared.values_list("term__stem", "passage_id"):
        having.setdefault(passage, set()).add(said[term])
    order = {word: place for place, word in enumerate(said.values())}
    return [replace(hit, words=tuple(sorted(having.get(hit.passage_id, ()), key=order.__getitem__))) for hit in hits]


def other_languages(language: str) -> list[str]:
    """The languages beside `language` in which the knowledge base has public passages."""
    return sorted({spoken for spoken, visibility in corpus.shelves() if visibility == "public"} - {language})
