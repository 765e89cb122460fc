"""The meaning arm: cosine between the query's vector and each passage's, by pgvector.

Invariant: a query is compared with vectors of its own recipe only.

Vectors have unit length, so the inner product is the cosine and needs no square root. The scan is exact: help
centres hold thousands of passages, where an index saves little and loses some under a filter.
"""

from collections.abc import Sequence

import numpy as np
from django.db import connection
from pgvector import HalfVector

from copilot.inference.embedder import Vectors
from knowledge.scope import Scope

_FROM = """
SELECT passage.id, -(kept.vector <#> %(query)s::halfvec)
FROM knowledge_passage passage JOIN knowledge_passagevector kept ON kept.passage_id = passage.id
WHERE kept.recipe_id = (SELECT id FROM knowledge_recipe WHERE name = %(recipe)s) AND
"""
_NEAREST = _FROM + "{scope} ORDER BY kept.vector <#> %(query)s::halfvec, passage.id LIMIT %(limit)s"
_SCORES = _FROM + "passage.id = ANY(%(ids)s)"


def search(vector: Vectors, recipe: str, scope: Scope, limit: int) -> dict[int, float]:
    """Passage ids with their cosine, best first. `vector` has shape (384,) and was made by `recipe`."""
    return _run(_NEAREST.format(scope=scope.sql), vector, recipe, limit=limit, **scope.parameters)


def scores(vector: Vectors, recipe: str, passages: Sequence[int]) -> dict[int, float]:
    """The cosine of each of `passages`."""
    return _run(_SCORES, vector, recipe, ids=list(passages)) if passages else {}


def _run(sql: str, vector: Vectors, recipe: str, **parameters: int | list[int] | list[str]) -> dict[int, float]:
    query = HalfVector(np.asarray(vector, dtype=np.float16)).to_text()
    with connection.cursor() as cursor:
        cursor.execute(sql, {**parameters, "query": query, "recipe": recipe})
        return dict(cursor.fetchall())
