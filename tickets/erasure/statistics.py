"""What PostgreSQL remembers of columns: frequent values and bounds, in words.

Invariant: afterwards it remembers what is there, and nothing of an empty table, which ANALYZE would leave as it was.
"""

from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from tickets.erasure import leftovers
from tickets.erasure.columns import APPS


def refresh() -> None:
    """Look at every table of ours anew."""
    names = tables()
    with connection.cursor() as cursor:
        for table in names:
            cursor.execute(f"SELECT NOT EXISTS (SELECT 1 FROM {_quoted(table)})")  # noqa: S608
            if cursor.fetchone()[0]:
                _clear(table)
        cursor.execute(f"ANALYZE (SKIP_LOCKED) {', '.join(map(_quoted, names))}")


def tables() -> list[str]:
    """Every table in which somebody's words may be."""
    models = [*filter(_is_ours, apps.get_models(include_auto_created=True)), leftovers.session_model()]
    return sorted({model._meta.db_table for model in models})


def _is_ours(model: type[Model]) -> bool:
    return model._meta.app_label in APPS


def _quoted(table: str) -> str:
    return connection.ops.quote_name(table)


def _clear(table: str) -> None:
    """PostgreSQL 18 has a function for it; before, only a superuser may."""
    said = (
        "SELECT pg_clear_attribute_stats(schemaname, tablename, attname, inherited) FROM pg_stats WHERE tablename = %s"
    )
    if connection.pg_version < 180000:  # type: ignore[attr-defined]
        said = "DELETE FROM pg_statistic WHERE starelid = %s::regclass"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(said, [table])
    except DatabaseError:
        return  # not allowed: they go when the table has rows again
