"""A database of its own for every evaluation.

Invariant: inside `scratch_database()` every query goes to a new, empty database that is dropped at the end; the
real one is never opened.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO

from django.conf import settings
from django.db import connection


@contextmanager
def scratch_database() -> Iterator[None]:
    """Create and migrate a scratch database, point the default connection at it, drop it afterwards."""
    real = str(settings.DATABASES["default"]["NAME"])
    connection.close()
    connection.settings_dict["TEST"]["NAME"] = f"souffleur_scratch_{os.getpid()}"
    with redirect_stdout(StringIO()):  # Django says of the cache's table that it is there, whatever the verbosity
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(real, verbosity=0)
