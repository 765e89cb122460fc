"""The demo's course, from an empty machine to tickets with drafts."""

import argparse
import os
import signal
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import django
import httpx
from django.conf import settings
from django.core.management import call_command

django.setup()

from demo import conversations, fields, history, once, rules, world  # noqa: E402  after django.setup()
from demo.console import Failed, progress, step  # noqa: E402
from demo.deliver import deliver_all  # noqa: E402
from demo.incoming import SAMPLES  # noqa: E402
from demo.processes import Children, free_port  # noqa: E402
from tickets.models import Attachment, Delivery, Draft  # noqa: E402

WAIT_SECONDS = 180
START_SECONDS = 60
OVER = (Delivery.State.DONE, Delivery.State.IGNORED, Delivery.State.FAILED)


class Demo:
    """One run of the demo."""

    def __init__(self, options: argparse.Namespace, tickets: Iterable[Mapping[str, Any]]) -> None:
        self.options = options
        self.tickets = list(tickets)
        self.port = free_port(options.port)
        self.helpdesk_port = free_port(self.port + 1)
        self.received = settings.DATA_DIR / "sample-helpdesk.jsonl"
        self.children = Children(settings.DATA_DIR / "run", {})

    @property
    def address(self) -> str:
        """Where the desk is."""
        return f"http://127.0.0.1:{self.port}"

    def run(self, started: float) -> int:
        """Everything; 0 when it went well. Children are stopped whatever happens."""
        try:
            self._prepare()
            self._start()
            self._deliver()
            if self.options.once:
                return once.check(self.address, f"http://127.0.0.1:{self.helpdesk_port}", self.tickets, started)
            self._welcome()
            self._watch()
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave half of it running
            print("  Stopping …")
            self.children.stop()
        return 0

    def _prepare(self) -> None:
        with step("Tables"):
            call_command("migrate", verbosity=0)
        with step("Articles"):
            world.articles(self.options.kb or SAMPLES / "kb")
        world.people()
        self.helpdesks = world.helpdesks(self.helpdesk_port)
        if self.options.kb:
            # The sample world's intents would mean nothing on somebody else's tickets.
            print("  No labelled past tickets: every ticket waits in the triage queue for a person to name its intent.")
        else:
            self._past()

    def _past(self) -> None:
        """What a desk has that has worked for a while: labelled tickets, routing rules, decisions."""
        with step("Triage, trained on past tickets"):
            world.triage()
        rules.make()
        fields.make()
        with step("Eight weeks of sample history"):
            history.write()
        with step("Two longer conversations"):
            conversations.write(self.helpdesks[0])

    def _start(self) -> None:
        worker = ("-m", "celery", "-A", "copilot.celery", "worker", "--loglevel", "INFO", "--without-mingle")
        with step("Web, workers and beat"):
            self.children.start("helpdesk", "-m", "demo.helpdesk", str(self.received), str(self.helpdesk_port))
            self.children.start("web", "-m", "copilot.web", f"127.0.0.1:{self.port}")
            self.children.start("default", *worker, "-Q", "default", "-c", "1", "-n", "default@%h")
            self.children.start("inference", *worker, "-Q", "inference", "-c", "1", "-n", "inference@%h")
            self.children.start("documents", *worker, "-Q", "documents", "-c", "1", "-n", "documents@%h")
            self.children.start("sync", *worker, "-Q", "sync", "-c", "1", "-n", "sync@%h")
            self.children.start("beat", "-m", "celery", "-A", "copilot.celery", "beat", "--loglevel", "INFO")
            self._await_web()

    def _await_web(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.address}/healthz/", timeout=2).is_success:
                    return
            except httpx.HTTPError:
                time.sleep(0.2)
        raise Failed(f"the web process did not answer; see {settings.DATA_DIR / 'run' / 'web.log'}")

    def _deliver(self) -> None:
        with step("Tickets, as signed webhooks"):
            deliver_all(self.address, self.helpdesks, self.tickets)
        with step("Drafts"):
            self._await_drafts()

    def _await_drafts(self) -> None:
        """Until no delivery, no file and no draft waits."""
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            waiting = Draft.objects.filter(state__in=["pending", "working"]).count()
            unread = Delivery.objects.exclude(state__in=OVER).count()
            progress(f"{Draft.objects.exclude(ready_at=None).count()} drafts written, {waiting + unread} waiting")
            unread += Attachment.objects.filter(state__in=Attachment.UNFINISHED).count()
            if not waiting and not unread:
                return
            self.children.revive()
            time.sleep(0.5)
        raise Failed(f"drafts are still waiting after {WAIT_SECONDS} s; see {settings.DATA_DIR / 'run'}/*.log")

    def _welcome(self) -> None:
        names = ", ".join(f"{username} ({role.label})" for username, *_, role, _ in world.PEOPLE)
        first = "Triage" if self.options.kb else "My team"
        print(
            f"\n  Souffleur is at {self.address}\n"
            f"  Sign in as {names}; the password is {world.PASSWORD}\n"
            f"  Look first at a ticket of “{first}”: hover a sentence to see the words that carry it, then press a.\n"
            f"  The sample helpdesk shows what it received: http://127.0.0.1:{self.helpdesk_port}/\n"
            f"  Logs: {_relative(settings.DATA_DIR / 'run')}. Ctrl-C stops everything; what you did is kept.\n",
            flush=True,
        )

    def _watch(self) -> None:
        while True:
            time.sleep(1)
            for name in self.children.revive():
                print(f"  {name} had stopped and was started again; see {settings.DATA_DIR / 'run' / name}.log")


def _relative(path: Path) -> str:
    return os.path.relpath(path)
