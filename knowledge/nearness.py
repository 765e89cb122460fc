"""An index over the vectors of a recipe in one language, once they are so many that looking at each takes too long.

Invariant: an index is used only when it is whole, and only for the recipe and language that it was made for; without
one searches are exact. Building one blocks nobody, and one that was broken off is built anew. One for each language,
since a filter that leaves little makes such an index miss what it should find; most searches are for one language.

HNSW: Malkov & Yashunin, "Efficient and robust approximate nearest neighbor search using Hierarchical Navigable Small
World graphs" (2016), as pgvector builds it, with its own usual `m` and `ef_construction`.
"""

from typing import NamedTuple

from django.db import connection
from django.db.models import Count

from knowledge.corpus import LARGE
from knowledge.models import PassageVector

# Memory for building: a vector with its links takes about so many bytes, and a graph that does not fit in it is built
# many times more slowly. More than MOST_MB is not asked for: the database shares its machine with models.
BYTES_OF_A_VECTOR = 2_000
MOST_MB = 2_048
_PREFIX = "knowledge_nearness_"
_TABLE = PassageVector._meta.db_table
_INDEXES = """
SELECT class.relname, index.indisvalid FROM pg_class class JOIN pg_index index ON index.indexrelid = class.oid
WHERE index.indrelid = %s::regclass AND starts_with(class.relname, %s)
"""
_WHOLE = """
SELECT recipe.id, (
    SELECT coalesce(array_agg(right(class.relname, 2)), '{}') FROM pg_class class
    JOIN pg_index index ON index.indexrelid = class.oid
    WHERE index.indrelid = %s::regclass AND index.indisvalid
    AND class.relname LIKE %s || recipe.id || '\\_%%'
) FROM knowledge_recipe recipe WHERE name = %s
"""
_LOCK = 0x50FF1F


class Indexed(NamedTuple):
    """The key of a recipe, and the languages whose vectors have an index that is whole."""

    recipe: int
    languages: frozenset[str]


def indexed(recipe: str) -> Indexed:
    """What there is for a recipe; nothing for one that is unknown."""
    with connection.cursor() as cursor:
        cursor.execute(_WHOLE, [_TABLE, _PREFIX, recipe])
        row = cursor.fetchone()
    return Indexed(row[0], frozenset(row[1])) if row else Indexed(0, frozenset())


def keep_indexes(large: int = LARGE) -> list[str]:
    """Build what is missing, drop what is broken, of no recipe or no longer needed; the indexes that were built.

    Takes minutes where there are hundreds of thousands of vectors. Does nothing while another process does it. Call it
    outside a transaction: PostgreSQL builds without blocking writers only there.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return []
        try:
            return _keep(large)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _keep(large: int) -> list[str]:
    counts = _counts()
    there = _indexes()
    for name, is_whole in there.items():
        # What shrinks a little under the limit keeps its index: it would be built again tomorrow.
        if not is_whole or counts.get(name, (0, "", 0))[2] < large / 2:
            _run(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
    whole = {name for name, is_whole in there.items() if is_whole}
    missing = {name: of for name, of in counts.items() if name not in whole and of[2] >= large}
    for name, (recipe, language, vectors) in missing.items():
        _build(name, recipe, language, vectors)
    return sorted(missing)


def _counts() -> dict[str, tuple[int, str, int]]:
    """Recipe, language and number of vectors, by the name that their index has or would have."""
    rows = PassageVector.objects.order_by().values_list("recipe_id", "language").annotate(Count("passage_id"))
    return {f"{_PREFIX}{recipe}_{language}": (recipe, language, number) for recipe, language, number in rows}


def _build(name: str, recipe: int, language: str, vectors: int) -> None:
    megabytes = min(MOST_MB, 64 + vectors * BYTES_OF_A_VECTOR // 2**20)
    # One process builds: parallel ones would need as much shared memory, which containers seldom have.
    _run("SET max_parallel_maintenance_workers = 0")
    _run(f"SET maintenance_work_mem = '{megabytes}MB'")
    try:
        _run(
            f"CREATE INDEX CONCURRENTLY {name} ON {_TABLE} USING hnsw (vector halfvec_ip_ops) "
            f"WHERE recipe_id = {recipe:d} AND language = '{language}'"
        )
    finally:
        _run("RESET maintenance_work_mem")
        _run("RESET max_parallel_maintenance_workers")


def _indexes() -> dict[str, bool]:
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES, [_TABLE, _PREFIX])
        return dict(cursor.fetchall())


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
