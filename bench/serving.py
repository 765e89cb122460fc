"""A real inference worker for a bench, and how busy the machine is beside it.

Invariant: the worker is a process of its own on the scratch database and a Redis of its own, and both end with the
bench, also when that is told to end.
"""

import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import psutil
from django.conf import settings
from django.db import connection

from copilot import embedded
from copilot.celery import app
from demo.processes import Children

WORKER = ("-m", "celery", "-A", "copilot.celery", "worker", "-Q", "inference", "-c", "1", "--without-mingle")
# Seconds for which the machine is watched while we do nothing.
WATCHED = 2
# The end of a log that says why a worker is gone.
LAST_WORDS = 2000


class Inference:
    """The worker that serves."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._children = Children(folder, environment)
        self._child = self._children.start("inference", *WORKER)
        self._log = folder / "inference.log"

    def check(self) -> None:
        """Exit with what it said last, if it is gone: nothing would ever be ready."""
        if self._child.process.poll() is not None:
            sys.exit(f"The worker has ended:\n{self._log.read_text(encoding='utf-8')[-LAST_WORDS:]}")

    def stop(self) -> None:
        """End it and what it started."""
        self._children.stop()


@contextmanager
def worker() -> Iterator[Inference]:
    """A real inference worker on the database and the Redis of this run."""
    signal.signal(signal.SIGTERM, _end)  # as `timeout` does: without it, the worker would be left running
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = embedded.redis_url(folder)
        database = urlsplit(settings.DATABASE_URL)._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
        app.conf.update(broker_url=url)
        inference = Inference(folder / "run", {"DATABASE_URL": database, "REDIS_URL": url})
        try:
            yield inference
        finally:
            inference.stop()
            embedded.stop_redis(folder)


def others() -> str:
    """The share of this machine's cores that others take, measured while nothing of ours runs."""
    return f"others took {psutil.cpu_percent(WATCHED):.0f} % of {psutil.cpu_count()} cores before"


def _end(number: int, _: object) -> NoReturn:
    sys.exit(128 + number)
