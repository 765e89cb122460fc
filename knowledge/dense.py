"""The meaning arm: cosine between the vectors of queries and each passage's, by pgvector in one statement.

Invariant: a query is compared with vectors of its own recipe only.

Vectors have unit length, so the inner product is the cosine and needs no square root. The scan is exact: help
centres hold thousands of passages, where an index saves little and loses some under a filter.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from django.db import connection
from pgvector import HalfVector

from copilot.inference.embedder import Vectors
from knowledge.scope import Scope

_RECIPE = "kept.recipe_id = (SELECT id FROM knowledge_recipe WHERE name = %(recipe)s)"
_NEAREST = """
SELECT asked.query - 1, found.id, found.cosine
FROM unnest(%(vectors)s::text[]::halfvec[]) WITH ORDINALITY AS asked(vector, query) CROSS JOIN LATERAL (
    SELECT passage.id, -(kept.vector <#> asked.vector) AS cosine
    FROM knowledge_passage passage JOIN knowledge_passagevector kept ON kept.passage_id = passage.id
    WHERE {recipe} AND {scope}
    ORDER BY kept.vector <#> asked.vector, passage.id LIMIT %(limit)s
) AS found
ORDER BY asked.query, found.cosine DESC, found.id
"""
_SCORES = """
SELECT asked.query, kept.passage_id, -(kept.vector <#> (%(vectors)s::text[]::halfvec[])[asked.query + 1])
FROM unnest(%(queries)s::int[], %(ids)s::bigint[]) AS asked(query, id)
JOIN knowledge_passagevector kept ON kept.passage_id = asked.id WHERE {recipe}
"""

Found = list[dict[int, float]]


def search(vectors: Sequence[Vectors], recipe: str, scope: Scope, limit: int) -> Found:
    """For each query: passage ids with their cosine, best first. A vector has shape (384,) and is of `recipe`."""
    sql = _NEAREST.format(recipe=_RECIPE, scope=scope.sql)
    return _run(sql, vectors, recipe, limit=limit, **scope.parameters)


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
