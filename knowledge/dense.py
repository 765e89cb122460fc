"""The meaning arm: cosine between the vectors of queries and each passage's, by pgvector.

Invariant: a query is compared with vectors of its own recipe only.

Vectors have unit length, so the inner product is the cosine and needs no square root. The scan is exact unless a
language has an index (`knowledge.nearness`). One that finds fewer than were asked for, as it may under a filter that
leaves little, is not believed: then the scan is exact after all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from django.db import connection, transaction
from pgvector import HalfVector

from copilot.inference.embedder import Vectors
from knowledge import corpus, nearness
from knowledge.scope import Scope

_RECIPE = "kept.recipe_id = (SELECT id FROM knowledge_recipe WHERE name = %(recipe)s)"
_NEAREST = """
SELECT asked.query - 1, found.passage_id, found.cosine
FROM unnest(%(vectors)s::text[]::halfvec[]) WITH ORDINALITY AS asked(vector, query) CROSS JOIN LATERAL (
    SELECT kept.passage_id, -(kept.vector <#> asked.vector) AS cosine FROM knowledge_passagevector kept
    WHERE {recipe} AND {scope} ORDER BY {order} LIMIT %(limit)s
) AS found
ORDER BY asked.query, found.cosine DESC, found.passage_id
"""
_EXACTLY = _NEAREST.replace("{order}", "kept.vector <#> asked.vector, kept.passage_id")
_BY_INDEX = _NEAREST.replace("{order}", "kept.vector <#> asked.vector")
# What an index is asked for at most in each language: the surest half of what a search fuses, in half of the time.
NEAREST = 50
# How many candidates the index holds in mind, as a multiple of that: more find more and take longer (docs/adr/0017).
# pgvector holds no more than MOST.
EF_FACTOR = 8
MOST = 1_000
_SCORES = """
SELECT asked.query, kept.passage_id, -(kept.vector <#> (%(vectors)s::text[]::halfvec[])[asked.query + 1])
FROM unnest(%(queries)s::int[], %(ids)s::bigint[]) AS asked(query, id)
JOIN knowledge_passagevector kept ON kept.passage_id = asked.id WHERE {recipe}
"""

Found = list[dict[int, float]]


def search(vectors: Sequence[Vectors], recipe: str, scope: Scope, limit: int) -> Found:
    """For each query: passage ids with their cosine, best first. A vector has shape (384,) and is of `recipe`."""
    there = nearness.indexed(recipe)
    quick = [language for language in scope.languages if language in there.languages]
    slow = [language for language in scope.languages if language not in there.languages]
    found: Found = [{} for _ in vectors]
    for language in quick:
        _add(found, _quickly(vectors, recipe, there.recipe, replace(scope, languages=[language]), min(limit, NEAREST)))
    if slow:
        _add(found, exactly(vectors, recipe, replace(scope, languages=slow), limit))
    return [_best(one, limit) for one in found]


def _add(found: Found, more: Found) -> None:
    for one, others in zip(found, more, strict=True):
        one.update(others)


def _best(found: dict[int, float], limit: int) -> dict[int, float]:
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0]))[:limit])


def exactly(vectors: Sequence[Vectors], recipe: str, scope: Scope, limit: int) -> Found:
    """As `search`, by looking at every vector of the scope."""
    return _run(_EXACTLY.format(recipe=_RECIPE, scope=scope.sql), vectors, recipe, limit=limit, **scope.parameters)


def _quickly(vectors: Sequence[Vectors], recipe: str, key: int, scope: Scope, limit: int) -> Found:
    """For one language."""
    [language] = scope.languages
    # Recipe and language stand in the statement: only so is PostgreSQL sure that the index holds what is asked for.
    whose = f"kept.recipe_id = {key:d} AND kept.language = '{language}'"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL hnsw.ef_search = {_ef(scope, limit):d}")
        # Goes on where the filter left too few.
        cursor.execute("SET LOCAL hnsw.iterative_scan = relaxed_order")
        # The planner thinks of a vector as of any column, and would rather look at all of them and sort.
        cursor.execute("SET LOCAL enable_sort = off")
        sql = _BY_INDEX.format(recipe=whose, scope="visibility = ANY(%(visible)s)")
        found = _run(sql, vectors, recipe, limit=limit, visible=scope.visible)
    # Settings of a transaction that holds this one would outlive it: they are only of use to this statement.
    return found if all(len(one) == limit for one in found) else exactly(vectors, recipe, scope, limit)


def _ef(scope: Scope, limit: int) -> int:
    """More where fewer of the language's passages may be seen."""
    seen, every = corpus.of(scope).passages, corpus.of(replace(scope, audience="agent")).passages
    return min(MOST, EF_FACTOR * limit * every // max(seen, 1)) or 1


def scores(vectors: Sequence[Vectors], recipe: str, passages: Sequence[Iterable[int]]) -> Found:
    """The cosine of each query with those of its passages."""
    wanted = [(query, passage) for query, ids in enumerate(passages) for passage in ids]
    if not wanted:
        return [{} for _ in vectors]
    queries, ids = zip(*wanted, strict=True)
    return _run(_SCORES.format(recipe=_RECIPE), vectors, recipe, queries=list(queries), ids=list(ids))


def _run(sql: str, vectors: Sequence[Vectors], recipe: str, **parameters: int | list[int] | list[str]) -> Found:
    found: Found = [{} for _ in vectors]
    asked = [HalfVector(np.asarray(vector, dtype=np.float16)).to_text() for vector in vectors]
    with connection.cursor() as cursor:
        cursor.execute(sql, {**parameters, "vectors": asked, "recipe": recipe})
        for query, passage, cosine in cursor.fetchall():
            found[query][passage] = cosine
    return found
