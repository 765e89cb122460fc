"""The database's own files, after rows have gone.

PostgreSQL leaves a deleted row's bytes where they were until it needs the room, and its log of changes holds them too.

Invariant: afterwards neither the tables' files nor the log of the database server hold what was deleted before. Files
outside its data directory (backups, replicas, an archive of the log, free blocks of the disk) are out of reach.
"""

from django.conf import settings
from django.db import DatabaseError, connection
from redis import Redis
from redis.exceptions import RedisError

from tickets.erasure import statistics

# Segments of the log that lie ready hold old bytes until they are written over; more than these are not walked through.
MOST_SEGMENTS = 200


def scrub() -> str:
    """Rewrite every table of ours and the log; what was not allowed, as codes. Tables are locked, one after the other.

    Not in a transaction.
    """
    statistics.refresh()
    with connection.cursor() as cursor:
        for table in statistics.tables():
            cursor.execute(f"VACUUM (FULL, ANALYZE) {connection.ops.quote_name(table)}")
    refused = [name for name, step in (("statistics", _statistics), ("log", _log)) if not _try(step)]
    if not _rewrite_redis():
        refused.append("redis")
    return ",".join(["tables", *(f"not:{name}" for name in refused)])


def _try(step: object) -> bool:
    """False where the role may not, or where there is no such thing."""
    try:
        step()  # type: ignore[operator]
    except DatabaseError:
        return False
    return True


def _statistics() -> None:
    """Frequent values of columns, as the planner knew them."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (FULL) pg_catalog.pg_statistic")


def _log() -> None:
    """Every segment that lies ready is written over, and those that are done with are removed, not kept for reuse."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER SYSTEM SET wal_recycle = off")
        try:
            cursor.execute("SELECT pg_reload_conf()")
            for _ in range(_ready(cursor) + 1):
                cursor.execute("SELECT pg_logical_emit_message(false, 'souffleur', 'scrub'), pg_switch_wal()")
            cursor.execute("CHECKPOINT")
            cursor.execute("SELECT pg_switch_wal()")
            cursor.execute("CHECKPOINT")
        finally:
            cursor.execute("ALTER SYSTEM RESET wal_recycle")
            cursor.execute("SELECT pg_reload_conf()")


def _ready(cursor: object) -> int:
    """Segments after the one that is written now."""
    cursor.execute(  # type: ignore[attr-defined]
        "SELECT count(*) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'"
        " AND name > pg_walfile_name(pg_current_wal_insert_lsn())"
    )
    return min(int(cursor.fetchone()[0]), MOST_SEGMENTS)  # type: ignore[attr-defined]


def _rewrite_redis() -> bool:
    """Its file holds what was set and deleted since it was last rewritten."""
    url = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://")
    try:
        Redis.from_url(url, socket_timeout=2).bgrewriteaof()
    except (RedisError, OSError, ValueError):
        return False
    return True
