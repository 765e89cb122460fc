"""A whole Souffleur for a test: a database and a Redis of its own, real processes, a helpdesk that listens."""

import os
import shutil
import signal
import time
from contextlib import contextmanager, suppress

import httpx
import psycopg

from copilot import embedded
from demo.processes import Children, free_port
from tests import workers
from tests.world import environment, run

ADDRESS = "UPDATE tickets_helpdesk SET api_url = %s || CASE dialect WHEN 'standard' THEN '/replies' ELSE '' END"


class House:
    """A whole Souffleur of its own."""

    def __init__(self, folder, database, helpdesk_address, **told):
        self.data = folder / "data"
        self.port = free_port(workers.port(8600))
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **environment(self.data, database),
            "SOUFFLEUR_SWEEP_SECONDS": "1", "SOUFFLEUR_DRAFT_LEASE_SECONDS": "12", "SOUFFLEUR_REPLY_LEASE_SECONDS": "4",
            **told,
        }  # fmt: skip
        self.url = self.environment["DATABASE_URL"]
        with psycopg.connect(self.url) as connection:
            connection.execute(ADDRESS, [helpdesk_address])
        self.children = Children(folder / "run", self.environment)

    def run(self, *arguments):
        run(self.environment, *arguments)

    def start(self):
        worker = ("-m", "celery", "-A", "copilot.celery", "worker", "--loglevel", "INFO", "--without-mingle", "-c", "1")
        self.children.start("web", "-m", "copilot.web", f"127.0.0.1:{self.port}")
        self.children.start("default", *worker, "-Q", "default", "-n", "default@%h")
        self.children.start("inference", *worker, "-Q", "inference", "-n", "inference@%h")
        self.children.start("documents", *worker, "-Q", "documents", "-n", "documents@%h")
        self.children.start("sync", *worker, "-Q", "sync", "-n", "sync@%h")
        self.children.start(
            "beat", "-m", "celery", "-A", "copilot.celery", "beat", "--schedule", str(self.data / "beat")
        )

    def kill(self, name):
        """Kill -9 the whole process group, then start it again."""
        with suppress(ProcessLookupError):
            os.killpg(self.children.children[name].process.pid, signal.SIGKILL)
        self.children.children[name].process.wait()
        self.children.revive()

    def kill_redis(self):
        """Kill -9 redis-server, empty it, and start a new one at the same place."""
        pid = int((self.data / "redis" / "redis.pid").read_text())
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.3)
        shutil.rmtree(self.data / "redis")
        embedded.redis_url(self.data)

    def ask(self, sql):
        with psycopg.connect(self.url) as database:
            return database.execute(sql).fetchall()

    def wait(self, sql, expected, seconds):
        """Until the query gives what is expected; what it gave last."""
        deadline = time.monotonic() + seconds
        while (answer := self.ask(sql)) != expected and time.monotonic() < deadline:
            time.sleep(0.25)
        return answer

    def stop(self):
        self.children.stop()
        embedded.stop_redis(self.data)

    def await_web(self):
        """Until the web process answers."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with suppress(httpx.HTTPError):
                if httpx.get(f"{self.address}/healthz/", timeout=2).is_success:
                    return
            time.sleep(0.2)
        raise AssertionError((self.children.folder / "web.log").read_text()[-2000:])


@contextmanager
def running_house(folder, name, helpdesk_address, world, **told):
    """Start a house in a copy of the world; stop it and drop the copy at the end."""
    with world.copied(name) as database:
        house = House(folder, database, helpdesk_address, **told)
        try:
            house.start()
            house.await_web()
            yield house
        finally:
            house.stop()
