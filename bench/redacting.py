"""How many tickets of 1 KB two processes redact a second: ours, and each rival, on the same texts.

Invariant: each way has two processes, warm, and its texts in memory; none is given what a ticket knows of its people.
"""

import json
import multiprocessing
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bench.measure import REPEATS, Row
from bench.redacting_worker import redact
from evaluation.masking.rivals import rivals

PROCESSES = 2
LENGTH = 1024
TICKETS = 400
ROOT = Path(__file__).parent.parent
PRIVATE = ROOT / "evaluation" / "sets" / "redaction_fr.jsonl"
PLAIN = ROOT / "samples" / "incoming.jsonl"


def rows() -> list[Row]:
    """A line for each way; the rates of the rivals beside ours."""
    tickets = texts()
    others, notes = rivals()
    print(*notes, sep="\n")
    figures = {way: rate(way, tickets) for way in ("ours", *others)}
    ours = figures["ours"]
    return [
        Row(f"redaction: {way}", f"{figure:.0f} tickets/s", "" if way == "ours" else f"ours: {ours / figure:.1f} x")
        for way, figure in figures.items()
    ]


def texts() -> list[str]:
    """Tickets of the samples in English and French, one with private values in each, to LENGTH characters."""
    plain = [" ".join(filter(None, map(row.get, ("subject", "body")))) for row in _read(PLAIN)]
    private = [row["full_text"] for row in _read(PRIVATE)]
    made = []
    for number in range(TICKETS):
        text = private[number % len(private)]
        for other in range(1000):
            if len(text) >= LENGTH:
                break
            text += "\n" + plain[(number * 7 + other) % len(plain)]
        made.append(text[:LENGTH])
    return made


def _read(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def rate(way: str, tickets: Sequence[str]) -> float:
    """Tickets a second over PROCESSES: the best of REPEATS, as other work on the machine only slows."""
    shares = [tickets[number::PROCESSES] for number in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(redact, [way] * PROCESSES, shares))  # loads what each needs
        seconds = [_seconds(pool, way, shares) for _ in range(REPEATS)]
    return len(tickets) / min(seconds)


def _seconds(pool: ProcessPoolExecutor, way: str, shares: Sequence[Sequence[str]]) -> float:
    started = time.perf_counter()
    list(pool.map(redact, [way] * PROCESSES, shares))
    return time.perf_counter() - started
