"""Tickets that arrive faster than a person could read them, and one real inference worker.

Invariant: the worker is a process of its own on a scratch database and a Redis of its own; what is measured here is
what a desk would see: from the moment a draft is asked for to the moment it is there.
"""

import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from bench.measure import Row, percentiles
from copilot import embedded
from copilot.celery import app
from copilot.engine import embedder
from demo.processes import Children
from demo.world import SAMPLES, read_tickets
from evaluation import drafting
from evaluation.retrieval import percentile
from evaluation.scratch import scratch_database
from tickets.drafts import request_draft
from tickets.models import Draft, Helpdesk, Message, Ticket, Worker

RATES = (5, 10, 20)
SECONDS = 60
STAGES = ("prepare", "retrieve", "select", "write", "verify", "total")
WORKER = ("-m", "celery", "-A", "copilot.celery", "worker", "-Q", "inference", "-c", "1", "--without-mingle")
# A queue that is longer than this at the end of the minute has grown.
KEPT_UP = 5
# Seconds that the queue is given to empty; what still waits then is said.
DRAIN = 120


class Run(NamedTuple):
    """Tickets a second; the queue at its longest and at the end; each draft's seconds to ready; how many never were."""

    rate: int
    longest: int
    last: int
    waits: Sequence[float]
    undone: int


def rows(rates: Sequence[int] = RATES, seconds: int = SECONDS) -> list[Row]:
    """The queue at each rate, and where a draft's time goes."""
    tickets = list(read_tickets(SAMPLES / "incoming.jsonl"))
    with scratch_database(), worker():
        drafting.index_folder(SAMPLES / "kb", embedder())
        helpdesk = Helpdesk.objects.create(slug="bench", name="bench", dialect="standard", webhook_secret="-")  # noqa: S106
        run(helpdesk, tickets, 2, 5)  # loads the models
        Draft.objects.all().delete()
        runs = [run(helpdesk, tickets, rate, seconds) for rate in rates]
        return [*map(_row, runs), *_stages(), *_memory()]


@contextmanager
def worker() -> Iterator[None]:
    """A real inference worker on the database and the Redis of this run."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = embedded.redis_url(folder)
        database = urlsplit(settings.DATABASE_URL)._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
        app.conf.update(broker_url=url)
        children = Children(folder / "run", {"DATABASE_URL": database, "REDIS_URL": url})
        try:
            children.start("inference", *WORKER)
            yield
        finally:
            children.stop()
            embedded.stop_redis(folder)


def run(helpdesk: Helpdesk, tickets: Sequence[dict[str, str]], rate: int, seconds: int) -> Run:
    """`rate` tickets a second for `seconds`, then until the queue is empty."""
    first, started, lengths = Draft.objects.count(), time.monotonic(), []
    for number in range(rate * seconds):
        time.sleep(max(0.0, started + number / rate - time.monotonic()))
        _arrive(helpdesk, tickets[number % len(tickets)], f"{rate}-{first + number}")
        if number % rate == rate - 1:
            lengths.append(_waiting())
    last = _waiting()
    ended = time.monotonic()
    while _waiting() and time.monotonic() < ended + DRAIN:
        time.sleep(0.2)
    made = Draft.objects.order_by("pk")[first:].values_list("created_at", "ready_at")
    waits = [(ready - created).total_seconds() for created, ready in made if ready]
    return Run(rate, max(lengths), last, waits, rate * seconds - len(waits))


def _arrive(helpdesk: Helpdesk, given: dict[str, str], name: str) -> None:
    """What intake leaves behind: a ticket, its message, a draft that waits."""
    with transaction.atomic():
        ticket = Ticket(helpdesk=helpdesk, external_id=name, subject=given["subject"], language=given["lang"])
        redacted = ticket.redact(given["body"])
        ticket.remember(redacted.originals)
        ticket.save()
        message = Message.objects.create(
            ticket=ticket, external_id="1", author=Message.Author.REQUESTER, body=given["body"],
            redacted=redacted.text, sent_at=timezone.now(),
        )  # fmt: skip
        request_draft(message)


def _waiting() -> int:
    return Draft.objects.filter(state__in=[Draft.State.PENDING, Draft.State.WORKING]).count()


def _row(done: Run) -> Row:
    held = "kept up" if done.last <= KEPT_UP else f"{done.last} waited at the end"
    held += f", {done.undone} were never ready" if done.undone else ""
    figure = percentiles(done.waits) if done.waits else "none"
    return Row(f"{done.rate} tickets/s for a while: asked to ready", figure, f"queue at most {done.longest}; {held}")


def _stages() -> list[Row]:
    taken = defaultdict(list)
    for timings in Draft.objects.exclude(timings={}).values_list("timings", flat=True):
        for stage in STAGES:
            taken[stage].append(timings.get(stage, 0.0))
    whole = sum(taken["total"]) or 1.0
    rows = [Row(f"  {stage}", percentiles(taken[stage]), f"{sum(taken[stage]) / whole:.0%}") for stage in STAGES]
    drafts_a_minute = 60 / percentile(sorted(taken["total"]), 50) if taken["total"] else 0
    return [*rows, Row("  drafts a minute at the median", f"{drafts_a_minute:.0f}", "one worker")]


def _memory() -> list[Row]:
    return [
        Row("  the worker’s memory", f"{held.resident} MB", f"at most {held.peak} MB") for held in Worker.objects.all()
    ]
