"""Tickets that arrive faster than a person could read them, and one real inference worker.

Invariant: what is measured here is what a desk would see, from the moment a draft is asked for to the moment it is
there; a draft that was not there in the end counts with the time it had waited by then; and the time is bounded: a
rate takes SECONDS and at most DRAIN, and its row is said when it is there.
"""

import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from bench.measure import Row, percentiles
from bench.serving import Inference, others, worker
from copilot.engine import embedder, writer_model
from demo.incoming import SAMPLES, read_tickets
from evaluation import drafting
from evaluation.retrieval import percentile
from evaluation.scratch import scratch_database
from tickets.drafts import request_draft
from tickets.models import Draft, Helpdesk, Message, Ticket, Worker

RATES = (5, 10, 20)
SECONDS = 60
STAGES = ("prepare", "retrieve", "select", "write", "verify", "total")
# A queue that is longer than this at the end of the minute has grown.
KEPT_UP = 5
# Seconds that the queue is given to empty; what still waits then is said.
DRAIN = 30
# The first drafts wait for the models.
START, START_RATE = 5, 2


class Run(NamedTuple):
    """Tickets a second; the queue at its longest and at the end; each draft's seconds to ready; how many never were."""

    rate: int
    longest: int
    last: int
    waits: Sequence[float]
    undone: int
    busy: str = ""


def rows(rates: Sequence[int] = RATES, seconds: int = SECONDS) -> list[Row]:
    """The queue at each rate, and where a draft's time goes."""
    found = []
    for row in _rows(rates, seconds):
        print(f"{row.what}: {row.figure} ({row.against})", file=sys.stderr, flush=True)
        found.append(row)
    return found


def _rows(rates: Sequence[int], seconds: int) -> Iterator[Row]:
    tickets = list(read_tickets(SAMPLES / "incoming.jsonl"))
    with scratch_database():
        drafting.index_folder(SAMPLES / "kb", embedder())
        helpdesk = Helpdesk.objects.create(slug="bench", name="bench", dialect="standard", webhook_secret="-")  # noqa: S106
        with worker() as inference:
            yield Row("writer", writer_model() or "quote", "one worker")
            started = run(helpdesk, tickets, START_RATE, START, inference)
            if started.undone == len(started.waits):
                sys.exit(f"Nothing was ready {START + DRAIN} s after the worker's start.")
            Draft.objects.all().delete()
            for rate in rates:
                yield _row(run(helpdesk, tickets, rate, seconds, inference, others()))
            yield from [*_stages(), *_memory()]


def run(
    helpdesk: Helpdesk, tickets: Sequence[dict[str, str]], rate: int, seconds: int, inference: Inference, busy: str = ""
) -> Run:
    """`rate` tickets a second for `seconds`, then until the queue is empty or DRAIN is over; it is empty afterwards."""
    first, started, lengths = timezone.now(), time.monotonic(), []
    for number in range(rate * seconds):
        time.sleep(max(0.0, started + number / rate - time.monotonic()))
        _arrive(helpdesk, tickets[number % len(tickets)], f"{first.timestamp()}-{number}")
        if number % rate == rate - 1:
            lengths.append(_waiting())
            inference.check()
    last = _waiting()
    _drain(time.monotonic() + DRAIN)
    made = list(Draft.objects.filter(created_at__gte=first).values_list("created_at", "ready_at"))
    now = timezone.now()
    Draft.objects.filter(state=Draft.State.PENDING).update(state=Draft.State.SUPERSEDED)
    waits = [((ready or now) - created).total_seconds() for created, ready in made]
    return Run(rate, max(lengths), last, waits, sum(ready is None for _, ready in made), busy)


def _drain(deadline: float) -> None:
    while _waiting() and time.monotonic() < deadline:
        time.sleep(0.2)


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
    held += f", {done.undone} still {DRAIN} s later: at least so long" if done.undone else ""
    what = f"{done.rate} tickets/s for {len(done.waits) / done.rate:.0f} s: asked to ready"
    return Row(what, percentiles(done.waits), f"queue at most {done.longest}; {held}; {done.busy}")


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
