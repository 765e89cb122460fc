"""`make bench`: prints a table; figures depend on the machine, ratios much less."""

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "copilot.settings")

import django

django.setup()

from bench import (  # noqa: E402
    compared,
    drafting,
    embedding,
    generating,
    queue,
    reading,
    redacting,
    searching,
    sizes,
    syncing,
    triage,
)
from bench.measure import Row  # noqa: E402
from copilot.engine import embedder, runtime  # noqa: E402
from demo.console import table  # noqa: E402
from demo.incoming import SAMPLES, read_tickets  # noqa: E402
from evaluation.drafting import index_folder  # noqa: E402
from evaluation.scratch import scratch_database  # noqa: E402
from evaluation.triage import read  # noqa: E402

HEADER = ("what", "figure", "against")
# What may be named, and what is made of the words behind it.
ASKED: dict[str, Callable[[list[str]], Sequence[Row]]] = {
    "queue": lambda given: queue.rows(tuple(map(int, given)) or queue.RATES),  # tickets a second
    "sync": lambda given: syncing.rows(),
    "sizes": lambda given: sizes.rows(tuple(map(int, given)) or sizes.SIZES),  # passages
    "generating": lambda given: generating.rows(),
    "embedding": lambda given: compared.rows(*map(Path, given[:1])),  # a BEIR folder, to judge vectors on
    "redaction": lambda given: redacting.rows(),
    # A CSV of text,category, and for how many pairs a row SetFit learns.
    "triage": lambda given: list(triage.rows(read(Path(given[0])), *map(int, given[1:2]))),
}


def main() -> None:
    """Measure, print.

    `generating` measures a model of a customer, `sync` reading pages, `sizes` search among many
    passages, `queue` a flood of tickets, `redaction` masking, `triage` a CSV of labelled texts; the name of a way to
    embed measures that way, as JSON.
    """
    name, *given = sys.argv[1:] or [""]
    if name in ASKED:
        print(table(HEADER, ASKED[name](given)))
    elif name:
        print(embedding.answer(name, *given))
    else:
        usual()


def usual() -> None:
    """What is measured when nothing is named."""
    print(f"Threads for models: {runtime().intra_threads}\n")
    tickets = list(read_tickets(SAMPLES / "incoming.jsonl"))
    rows = compared.rows()
    with scratch_database():
        started = time.perf_counter()
        index_folder(SAMPLES / "kb", embedder())
        rows.append(Row("index 38 articles", f"{time.perf_counter() - started:.2f} s", ""))
        rows += searching.rows(tickets)
        rows += drafting.rows(tickets)
        rows += reading.rows(tickets)
    print(table(HEADER, rows))


if __name__ == "__main__":
    main()
