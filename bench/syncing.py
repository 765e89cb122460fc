"""How fast a folder of 1,000 Markdown pages is read: for the first time, and again when nothing has changed.

The pages are the sample articles', their sentences mixed anew for each, so that every page has its own passages.
"""

import random
import re
import tempfile
import time
from pathlib import Path

from bench.measure import Row
from copilot.engine import embedder
from demo.incoming import SAMPLES
from evaluation.scratch import scratch_database
from knowledge.indexing import sync
from knowledge.models import Source
from knowledge.sources.folder import Folder

PAGES = 1_000
SECTIONS = 4
SENTENCES = 5


def rows() -> list[Row]:
    """Both syncs in a scratch database."""
    with tempfile.TemporaryDirectory() as name, scratch_database():
        folder = Path(name)
        _write(folder)
        source = Source.objects.create(name="bench", location=name)
        first, passages = _sync(source, folder)
        again, _ = _sync(source, folder)
    return [
        Row(f"sync {PAGES:,} pages, first time", f"{PAGES / first:.0f} pages/s", f"{passages / first:.0f} passages/s"),
        Row("  unchanged", f"{PAGES / again:.0f} pages/s", f"{first / again:.0f} x as fast"),
    ]


def _sync(source: Source, folder: Path) -> tuple[float, int]:
    started = time.perf_counter()
    report = sync(source, Folder(folder), embedder())
    return time.perf_counter() - started, report.passages


def _write(folder: Path) -> None:
    chance = random.Random(1)  # noqa: S311  the same pages every time
    text = " ".join(path.read_text("utf-8").partition("\n---\n")[2] for path in sorted((SAMPLES / "kb").rglob("*.md")))
    sentences = [line for line in re.split(r"(?<=[.!?])\s+", re.sub(r"[#|*\n]+", " ", text)) if len(line) > 30]
    for number in range(PAGES):
        parts = [f"## Part {part}\n\n{' '.join(chance.sample(sentences, SENTENCES))}" for part in range(SECTIONS)]
        (folder / f"page-{number:04}.md").write_text(f"# Page {number}\n\n" + "\n\n".join(parts), encoding="utf-8")
