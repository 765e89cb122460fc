"""One moment of the database for several queries.

Invariant: what a search reads belongs together: no article in two versions, no passage found by one arm and gone for
the next, whatever a sync or a change of embedder commits meanwhile.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """Queries inside see one moment and write nothing; inside a transaction, they see what that one sees."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
