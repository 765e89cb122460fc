"""`make bench`: prints a table; figures depend on the machine, ratios much less."""

import os
import sys
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "copilot.settings")

import django

django.setup()

from bench import compared, drafting, embedding, generating, queue, reading, searching, sizes, syncing  # noqa: E402
from bench.measure import Row  # noqa: E402
from copilot.engine import embedder, runtime  # noqa: E402
from demo.console import table  # noqa: E402
from demo.world import SAMPLES, read_tickets  # noqa: E402
from evaluation.drafting import index_folder  # noqa: E402
from evaluation.scratch import scratch_database  # noqa: E402


def main() -> None:
    """Measure, print.

    `generating` measures a model of a customer, `sync` reading pages, `sizes` search among many
    passages, `queue` a flood of tickets; the name of a way to
    embed measures that way, as JSON.
    """
    if sys.argv[1:2] == ["queue"]:  # and tickets a second, if others than the usual ones
        print(table(("what", "figure", "against"), queue.rows(tuple(map(int, sys.argv[2:])) or queue.RATES)))
        return
    if sys.argv[1:] == ["sync"]:
        print(table(("what", "figure", "against"), syncing.rows()))
        return
    if sys.argv[1:2] == ["sizes"]:  # and how many passages, if others than the usual ones
        print(table(("what", "figure", "against"), sizes.rows(tuple(map(int, sys.argv[2:])) or sizes.SIZES)))
        return
    if sys.argv[1:] == ["generating"]:
        print(table(("what", "figure", "against"), generating.rows()))
        return
    if sys.argv[1:2] == ["embedding"]:  # and a BEIR folder, if vectors are to be judged on more than the samples
        print(table(("what", "figure", "against"), compared.rows(*map(Path, sys.argv[2:3]))))
        return
    if sys.argv[1:]:
        print(embedding.answer(*sys.argv[1:]))
        return
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
    print(table(("what", "figure", "against"), rows))


if __name__ == "__main__":
    main()
