"""`make bench`: prints a table; figures depend on the machine, ratios much less."""

import os
import time
from functools import partial

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "copilot.settings")

import django

django.setup()

from bench.measure import Row, percentiles, rate  # noqa: E402
from copilot.engine import embedder, runtime  # noqa: E402
from copilot.privacy import redact  # noqa: E402
from demo.console import table  # noqa: E402
from demo.world import SAMPLES, read_tickets  # noqa: E402
from evaluation import drafting  # noqa: E402
from evaluation.scratch import scratch_database  # noqa: E402
from knowledge.evidence import evidence_for  # noqa: E402
from knowledge.search import search  # noqa: E402


def main() -> None:
    """Measure, print."""
    print(f"Threads for models: {runtime().intra_threads}\n")
    tickets = list(read_tickets(SAMPLES / "incoming.jsonl"))
    rows = [*_embedding()]
    with scratch_database():
        started = time.perf_counter()
        drafting.index_folder(SAMPLES / "kb", embedder())
        rows.append(Row("index 38 articles", f"{time.perf_counter() - started:.2f} s", ""))
        rows += _searching(tickets)
        rows += _drafting(tickets)
    print(table(("what", "figure", "against"), rows))


def _embedding() -> list[Row]:
    """Texts a second: CTranslate2 int8 beside sentence-transformers in fp32, both on the same texts."""
    import numpy as np

    from bench.reference import sentence_transformer

    texts = [f"{row['subject']}\n{row['body']}" for row in read_tickets(SAMPLES / "past_tickets.jsonl")]
    encode = partial(
        sentence_transformer(runtime().intra_threads).encode, normalize_embeddings=True, show_progress_bar=False
    )
    ours = rate(lambda: embedder().embed([redact(text) for text in texts]), len(texts))
    theirs = rate(lambda: encode(texts, batch_size=32), len(texts))
    vectors = embedder().embed([redact(text) for text in texts])
    cosine = float(np.mean((vectors * encode(texts)).sum(axis=1)))
    return [
        Row(
            "embed 240 tickets, redaction included",
            f"{ours:.0f} texts/s",
            f"{ours / theirs:.2f} x sentence-transformers",
        ),
        Row("cosine to fp32", f"{cosine:.4f}", "1 = the same"),
    ]


def _searching(tickets: list[dict[str, str]]) -> list[Row]:
    queries = [(redact(row["body"]), row["lang"]) for row in tickets]
    rows = []
    for arm in ("bm25", "dense", "hybrid"):
        times = []
        for query, language in queries * 3:
            started = time.perf_counter()
            search(query, embedder=embedder(), languages=[language], audience="customer", k=10, arm=arm)
            times.append(time.perf_counter() - started)
        rows.append(Row(f"search, {arm}", percentiles(times), ""))
    return rows


def _drafting(tickets: list[dict[str, str]]) -> list[Row]:
    first = [drafting.draft_one(ticket, embedder(), None)["seconds"] for ticket in tickets]
    items = [drafting.draft_one(ticket, embedder(), None) for ticket in tickets * 3]
    found = []
    for ticket in tickets * 3:
        started = time.perf_counter()
        evidence_for(redact(ticket["body"]), ticket["lang"], embedder())
        found.append(time.perf_counter() - started)
    seconds = [item["seconds"] for item in items]
    return [
        Row("ticket to draft, passages never seen", percentiles(first), ""),
        Row("ticket to draft, passages seen before", percentiles(seconds), f"search {sum(found) / sum(seconds):.0%}"),
        Row("drafts a minute, one worker", f"{60 * len(seconds) / sum(seconds):.0f}", ""),
    ]


if __name__ == "__main__":
    main()
