"""The trained reader: three linear models over features, from a JSON file.

Invariant: weights serve with the embedder that they were trained with, and with no other: what a cosine means is the
embedder's. Every other embedder is read by similarity (similarity.py).
"""

import hashlib
import json
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from copilot.drafting.answering import answer_features
from copilot.drafting.features import unit_features
from copilot.drafting.linear import Linear, linear
from copilot.drafting.pages import page_features
from copilot.drafting.reading import Reader, Reading
from copilot.drafting.sheet import Floats, Sheet, texts_of
from copilot.drafting.similarity import SimilarityReader
from copilot.inference.embedder import Embedder
from copilot.inference.manifest import ModelUnusable
from copilot.privacy.calls import made

FORMAT = 1
# How much its page's probability counts for a unit or passage: the root of it (docs/adr/0009).
PAGE_SHARE = 0.5
SHIPPED = Path(__file__).parent / "models" / "reader.json"


@dataclass(frozen=True, slots=True)
class TrainedReader:
    """`units`: is this sentence part of the answer; `pages`: is this the page; `answered`: is there an answer."""

    recipe: str
    embedder: str
    units: Linear
    pages: Linear
    answered: Linear
    threshold: float
    sure: float
    keep: float

    @property
    def beside(self) -> float:
        """The same as anywhere: that the words are foreign is among the features."""
        return self.threshold

    def read(self, sheet: Sheet) -> Reading:
        """Judge the ticket as a whole, then each of its needs alone."""
        with made("read", self.recipe, lambda: texts_of(sheet)):
            return self._read(sheet)

    def _read(self, sheet: Sheet) -> Reading:
        odds, pages, answers = self._judge(sheet)
        shares = pages[sheet.page]
        return Reading(
            units=np.where(sheet.quotable, chance(odds) * shares[sheet.passage] ** PAGE_SHARE, 0.0),
            passages=_passages(sheet, shares, odds),
            answers=answers,
            needs=self._each_need(sheet, answers),
            keep=self.keep,
        )

    def _judge(self, sheet: Sheet) -> tuple[Floats, Floats, float]:
        """Log-odds of the units, probabilities of the pages, and that of there being an answer."""
        features = unit_features(sheet)
        odds = self.units.score(features)
        pages = softmax(self.pages.score(page_features(sheet, features, odds)))
        return odds, pages, float(chance(self.answered.score(answer_features(sheet, features, odds, pages))))

    def _each_need(self, sheet: Sheet, whole: float) -> tuple[float, ...]:
        needs = sheet.needs.needs
        if len(needs) == 1:
            return (whole,)
        alone = (replace(sheet.needs, whole=need, needs=(need,)) for need in needs)
        return tuple(self._judge(replace(sheet, needs=one))[2] for one in alone)


def chance(odds: Floats) -> Floats:
    """Log-odds to probabilities."""
    return np.asarray(1 / (1 + np.exp(-odds)))


def softmax(scores: Floats) -> Floats:
    """Scores to probabilities that sum to 1."""
    raised = np.exp(scores - scores.max())
    return np.asarray(raised / raised.sum())


def _passages(sheet: Sheet, shares: Floats, odds: Floats) -> Floats:
    """A passage counts by its page and by its best unit, so that a second page may stand before a weak passage."""
    best = np.full(len(sheet.evidence), -np.inf)
    np.maximum.at(best, sheet.passage, np.where(sheet.quotable, odds, -np.inf))
    return np.asarray(shares**PAGE_SHARE * chance(best))


def load(file: Path) -> TrainedReader:
    """The weights in `file`; read again when it has changed. Raises ModelUnusable."""
    try:
        return _load(file, file.stat().st_mtime_ns)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelUnusable(f"{file} holds no usable reader ({error})") from error


@lru_cache(maxsize=4)
def _load(file: Path, changed: int) -> TrainedReader:
    content = file.read_bytes()
    said: Any = json.loads(content)
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise ModelUnusable(f"{file} is not of format {FORMAT}: train the reader again")
    return TrainedReader(
        recipe=f"reader-{hashlib.sha256(content).hexdigest()[:8]}",
        embedder=str(said["embedder"]),
        units=linear(said["units"]),
        pages=linear(said["pages"]),
        answered=linear(said["answered"]),
        threshold=float(said["threshold"]),
        sure=float(said["sure"]),
        keep=float(said["keep"]),
    )


def reader_for(embedder: Embedder, file: Path = SHIPPED) -> Reader:
    """The trained reader where `file` was trained with this embedder, else the one that needs no training."""
    if file.exists() and (trained := load(file)).embedder == family(embedder.recipe):
        return trained
    return SimilarityReader(embedder.calibration)


def reader_named(name: str, embedder: Embedder) -> Reader:
    """`similarity`, the file of weights `name`, or for no name the reader that ships. Raises ModelUnusable.

    Named weights of another embedder are refused: to read by something else unasked would hide that.
    """
    if not name:
        return reader_for(embedder)
    if name == "similarity":
        return SimilarityReader(embedder.calibration)
    trained = load(Path(name))
    if trained.embedder != family(embedder.recipe):
        raise ModelUnusable(f"{name} was trained with {trained.embedder}, not with {family(embedder.recipe)}")
    return trained


def family(recipe: str) -> str:
    """An embedder's recipe without the hash of its bytes."""
    return recipe.rpartition("-")[0]
