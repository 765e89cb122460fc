"""THE test of an erasure: every table is filled with a requester's words, the requester is erased, and then the dump of
the whole database (sealed values opened), Redis, and every file of the data directory are searched for them."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import psycopg
import pytest
from django.conf import settings

from copilot import embedded
from tests.everything import FILE, MAIL, MARK, NAME, ORDER, PHONE, STRINGS, WITHOUT_ROWS
from tests.remains import Remains

pytestmark = pytest.mark.integration
# Of the tables of a requester's own words.
LEAST = {"name": 30, "mail": 30, "phone": 30, "marker": 16, "order": 16, "file": 1}


def run(data, *arguments):
    """Python in the checkout, with bundled services of its own."""
    told = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    told |= {"SOUFFLEUR_DATA": str(data), "SOUFFLEUR_MODELS": str(settings.MODELS_DIR)}
    told |= {"DJANGO_SETTINGS_MODULE": "copilot.settings"}
    told.pop("SOUFFLEUR_ENCRYPTION_KEYS", None)
    command = [sys.executable, *arguments]
    ran = {"env": told, "cwd": settings.BASE_DIR, "capture_output": True, "text": True}
    done = subprocess.run(command, timeout=120, check=False, **ran)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def stop(folder):
    """At once: nothing of it is needed any more."""
    embedded.stop_redis(folder)
    kept = folder / "postgres" / "postmaster.pid"
    if kept.exists():
        server = psutil.Process(int(kept.read_text().split()[0]))
        server.send_signal(signal.SIGQUIT)
        server.wait(10)


@pytest.fixture
def data():
    """A data directory with a PostgreSQL and a Redis of its own, where the user that PostgreSQL runs as may go."""
    with tempfile.TemporaryDirectory(prefix="erasure-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
        stop(Path(folder))


def test_nothing_of_an_erased_requester_remains(data):
    rows = json.loads(run(data, "-m", "tests.everything").splitlines()[-1])
    empty = {label for label, count in rows.items() if not count} - WITHOUT_ROWS.keys()
    assert not empty, f"tests/everything.py puts no row into {sorted(empty)}"
    url = embedded.postgres_url(data)
    remains = Remains(data, url)

    # It can fail: everything is there to be found.
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE")
        connection.execute("CHECKPOINT")
    remains.look()
    for kind, text in STRINGS.items():
        assert len(remains.in_tables(text)) >= LEAST[kind], (kind, remains.in_tables(text))
        if kind != "file":  # which stands in sealed columns only
            folders = {path.split("/")[1] for path in remains.in_files(text) if path.startswith("postgres/")}
            assert {"base", "pg_wal"} <= folders, kind
    assert remains.in_redis(MARK) and remains.in_redis(MAIL)
    assert "public.tickets_session" in remains.in_tables(NAME)
    assert "public.tickets_attachmentcontent" in remains.in_tables(FILE)

    said = run(data, "manage.py", "erase", f" {MAIL.upper()} ", "--yes", "--articles", "erase", "--scrub")
    assert '"scrubbed": "tables"' in said, said

    remains.look()
    for kind, text in STRINGS.items():
        assert remains.in_tables(text) == set(), kind
        assert remains.in_redis(text) == set(), kind
        assert remains.in_files(text) == set(), kind
    for part in (NAME.split()[1], MAIL.partition("@")[2], PHONE.replace(" ", ""), ORDER, "heron lantern"):
        assert remains.in_tables(part) == set(), part
    assert "public.tickets_message" in remains.in_tables("█" * len(NAME))
