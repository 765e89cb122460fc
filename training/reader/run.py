"""`manage.py train reader`: from labelled tickets, and the customer's own reviewed drafts, to a file of weights.

Invariant: the file is written whole or not at all, and says which embedder it belongs to.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from copilot.drafting.reader import FORMAT, TrainedReader, family, load
from copilot.drafting.reading import Reader
from copilot.inference.embedder import Embedder
from evaluation.scratch import scratch_database
from knowledge.indexing import sync
from knowledge.models import Source
from training.reader.cases import Case, cases, without_answer
from training.reader.examples import Example, by_source, examples
from training.reader.fit import Models, fit, learnable
from training.reader.library import Library
from training.reader.measure import products_left_out, summary, threshold

# A further sentence is shown when it scores at least this share of the best (docs/adr/0009).
KEEP = 0.2
# So much further up from the threshold to certainty lies the probability from which no other language is read.
SURE = 0.5
SMALL = 30  # tickets of each product with --small
Log = Callable[[str], object]


def run(
    data: Path, labels: Path, out: Path, embedder: Embedder, log: Log, *, own: Iterable[Case] = (), small: bool = False
) -> Reader:
    """Train on `labels/*.jsonl` about the sections in `data` and on `own` cases, write `out`, and load it again."""
    found = [*own, *_gathered(examples(labels, Library(data)), Library(data), embedder, log, small)]
    if not any(case.answered for case in found) or all(case.answered for case in found):
        raise ValueError("a reader needs tickets that are answered and tickets that are not")
    absent = [bare for case in found if (bare := without_answer(case, embedder))]
    return write(found, absent, out, embedder, log)


def write(found: Sequence[Case], absent: Sequence[Case], out: Path, embedder: Embedder, log: Log) -> Reader:
    """Learn from cases, set the threshold on products left out, and write the weights."""
    rows, without = learnable(found), learnable(absent)
    name = family(embedder.recipe)
    judged = products_left_out(rows, without, lambda models: _reader(models, name))
    bar = threshold(judged)
    for language in ("en", "fr"):
        some = [one for one in judged if one.case.sheet.needs.language == language]
        if any(one.case.kind == "answerable" for one in some):
            log(f"{language}, products left out: {_figures(summary(some, bar))}")
    _save(fit(rows, [*rows, *without]), name, bar, out)
    return load(out)


def _gathered(labelled: Sequence[Example], library: Library, embedder: Embedder, log: Log, small: bool) -> list[Case]:
    found: list[Case] = []
    for name, tickets in by_source(labelled).items():
        with scratch_database():
            source = Source.objects.create(name=name, location=name)
            sync(source, library.articles(name), embedder)
            some = tickets[:SMALL] if small else tickets
            found += cases(some, embedder)
        log(f"{name}: {len(some)} tickets")
    return found


def _reader(models: Models, embedder: str, bar: float = 0.5) -> TrainedReader:
    return TrainedReader(
        recipe="being measured", embedder=embedder, units=models.units, pages=models.pages, answered=models.answered,
        threshold=bar, sure=_sure(bar), keep=KEEP,
    )  # fmt: skip


def _save(models: Models, embedder: str, bar: float, out: Path) -> None:
    said = {
        "format": FORMAT, "embedder": embedder, "threshold": bar, "sure": _sure(bar), "keep": KEEP,
        "units": models.units.as_json(), "pages": models.pages.as_json(), "answered": models.answered.as_json(),
    }  # fmt: skip
    part = out.with_suffix(".part")
    out.parent.mkdir(parents=True, exist_ok=True)
    part.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    part.replace(out)


def _sure(bar: float) -> float:
    return round(bar + (1 - bar) * SURE, 3)


def _figures(found: dict[str, float]) -> str:
    return ", ".join(f"{name} {round(value, 3)}" for name, value in found.items())
