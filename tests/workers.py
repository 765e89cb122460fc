"""The suite on several pytest workers (`-n 2`): what they share, and what each has of its own.

PostgreSQL is shared, since pytest-django gives each worker a database in it. Redis is not: it holds keys that are made
of a draft's number, which another worker has too. Ports are not either: one is looked for, then taken a moment later.
"""

import os

import pytest
from django.conf import settings
from xdist.scheduler import LoadScopeScheduling

from copilot import embedded
from copilot.celery import app

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
# They start whole Souffleurs and wait for them: one at a time, or their deadlines would measure each other.
HOUSES = [
    "tests/test_kill.py",
    "tests/test_sync_kill.py",
    "tests/test_browser.py",
    "tests/test_demo.py",
    "tests/test_learning_night.py",
]


def port(wanted: int) -> int:
    """Where to look for a free port: a hundred ports further for each worker."""
    return wanted + 100 * int(WORKER.removeprefix("gw") or 0)


def start() -> None:
    """Give this worker, if it is one, a Redis of its own."""
    if WORKER:
        settings.CELERY_BROKER_URL = embedded.redis_url(settings.DATA_DIR / "tests" / WORKER)
        app.conf.update(broker_url=settings.CELERY_BROKER_URL)


def stop() -> None:
    """Stop what the workers started; the last thing that the process above them does."""
    for folder in [] if WORKER else (settings.DATA_DIR / "tests").glob("gw*"):
        embedded.stop_redis(folder)


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """A file is one worker's, so that its models are made once; those that start houses are together one worker's."""

    def __init__(self, config: pytest.Config, log: object) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False  # the order of `longest_first` stands

    def _split_scope(self, nodeid: str) -> str:
        return "houses" if file_of(nodeid) in HOUSES else file_of(nodeid)


def longest_first(items: list[pytest.Item]) -> None:
    """Of several workers, none ends alone with what takes minutes."""
    if WORKER:
        items.sort(
            key=lambda item: (file_of(item.nodeid) not in HOUSES, item.get_closest_marker("integration") is None)
        )


def file_of(nodeid: str) -> str:
    """The file that a test stands in."""
    return nodeid.partition("::")[0]
