"""What is not a row of ours: sessions, and what the database remembers of its columns.

Invariant: a session that names the requester ends; whoever it was signs in again.
"""

from django.contrib.sessions.models import Session
from django.db import connection

from tickets.erasure import columns
from tickets.erasure.marks import Pattern


def sessions(pattern: Pattern) -> list[str]:
    """The keys of sessions in which the requester is named."""
    rows = Session.objects.iterator(chunk_size=200)
    return [session.session_key for session in rows if pattern.finds(session.get_decoded())]


def end_sessions(keys: list[str]) -> int:
    """Delete them; how many."""
    return Session.objects.filter(pk__in=keys).delete()[0]


def refresh_statistics() -> None:
    """The planner keeps frequent values of each column: it shall keep them of what is left."""
    tables = ", ".join(connection.ops.quote_name(table.model._meta.db_table) for table in columns.tables())
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE (SKIP_LOCKED) {tables}")
