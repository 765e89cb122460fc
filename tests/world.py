"""The sample world in a database, made once and copied for each house: it trains on past tickets, which takes longer
than most tests."""

import os
import subprocess
import sys
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from copilot import embedded

MAKE = """
import django; django.setup()
from demo import fields, rules, world
world.articles(world.SAMPLES / "kb"); world.triage(); world.people(); rules.make(); fields.make(); world.helpdesks(9)
"""


def environment(data, database):
    """What a process of this data directory and database is told; the same keys, for a copy must be read with it."""
    return {
        "DATABASE_URL": settings.DATABASE_URL.replace("/postgres?", f"/{database}?"),
        "REDIS_URL": embedded.redis_url(data), "SOUFFLEUR_DATA": str(data),
        "SOUFFLEUR_MODELS": str(settings.MODELS_DIR), "DJANGO_SETTINGS_MODULE": "copilot.settings",
        "SOUFFLEUR_ENCRYPTION_KEYS": ",".join(settings.ENCRYPTION_KEYS),
        "SOUFFLEUR_AUDIT_KEY": ",".join(key.decode() for key in settings.AUDIT_KEYS),
    }  # fmt: skip


def run(told, *arguments):
    """Run Python with these arguments in the checkout, to its end."""
    command = [sys.executable, *arguments]
    subprocess.run(command, env={**os.environ, **told}, cwd=settings.BASE_DIR, check=True, timeout=120)


class World:
    """Databases of this process."""

    def __init__(self, blocker, name="world", make=MAKE):
        self.blocker = blocker
        self.make = make
        self.made = f"souffleur_{name}_{os.getpid()}"

    @contextmanager
    def database(self, name, template="template1"):
        """A database, dropped at the end with whoever is connected to it."""
        self._do(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield name
        finally:
            self._do(f"DROP DATABASE {name} WITH (FORCE)")

    def _do(self, *statements):
        with self.blocker.unblock(), connection._nodb_cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    @contextmanager
    def making(self, data):
        """The world is there until the end."""
        with self.database(self.made):
            told = environment(data, self.made)
            try:
                run(told, "manage.py", "migrate", "--verbosity", "0")
                run(told, "-c", self.make)
            finally:
                embedded.stop_redis(data)
            yield self

    def copied(self, name):
        """A database with the world in it."""
        return self.database(f"souffleur_{name}_{os.getpid()}", template=self.made)
