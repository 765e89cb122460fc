"""The reader for any embedder: by similarity alone, with the thresholds that travel with the model (docs/adr/0004)."""

from dataclasses import dataclass

import numpy as np

from copilot.drafting.reading import Reading
from copilot.drafting.sheet import Sheet, texts_of
from copilot.inference.calibration import Calibration
from copilot.inference.embedder import Vectors
from copilot.language.words import stems
from copilot.privacy.calls import made

WHOLE, NEED, CONTEXT, PASSAGE = 0.2, 0.3, 0.25, 0.25
KEEP = 0.8
# `answers` is a figure near its threshold, moved so that every embedder's threshold lies here.
THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class SimilarityReader:
    """A unit scores by its nearness and its passage's rank; a mean of four signs says whether there is an answer."""

    calibration: Calibration
    recipe: str = "similarity-1"
    threshold: float = THRESHOLD
    sure: float = THRESHOLD

    @property
    def beside(self) -> float:
        """The own language's threshold on the scale of another: a knowledge base's silence is a sign too."""
        return _moved(self.calibration.answer_threshold, self.calibration.answer_cross_threshold)

    def read(self, sheet: Sheet) -> Reading:
        """Judge by cosines and fused scores."""
        with made("read", self.recipe, lambda: texts_of(sheet)):
            return self._read(sheet)

    def _read(self, sheet: Sheet) -> Reading:
        passages = np.array([passage.score for passage in sheet.evidence], dtype=np.float64)
        units = WHOLE * (sheet.alone @ sheet.needs.whole.vector) + CONTEXT * (sheet.titled @ sheet.needs.whole.vector)
        units = units + NEED * (sheet.alone @ sheet.needs.questions.T).max(axis=1) + PASSAGE * passages[sheet.passage]
        answers = self._answers(sheet)
        scores = np.where(sheet.quotable, units, 0.0)
        return Reading(scores, passages, answers, (answers,) * len(sheet.needs.needs), KEEP)

    def _answers(self, sheet: Sheet) -> float:
        near = _nearness(sheet)
        if all(passage.language != sheet.needs.language for passage in sheet.evidence):
            return _moved(near, self.calibration.answer_cross_threshold)  # words hardly meet there
        return _moved((3 * near + _cover(sheet)) / 4, self.calibration.answer_threshold)


def _moved(value: float, threshold: float) -> float:
    """`value` between 0 and 1, with `threshold` at THRESHOLD."""
    if value < threshold:
        return max(0.0, THRESHOLD * value / threshold)
    return min(1.0, THRESHOLD + (1 - THRESHOLD) * (value - threshold) / max(1 - threshold, 1e-6))


def _nearness(sheet: Sheet) -> float:
    """The mean of three signs: the best passage, the best unit, the best unit under its titles, each to the ticket."""
    alone, titled = sheet.alone[sheet.quotable], sheet.titled[sheet.quotable]
    under_titles = _most(titled @ sheet.needs.questions.T)
    signs = [
        max(*(passage.dense for passage in sheet.evidence), under_titles),
        max(_most(alone @ sheet.needs.whole.vector), _most(alone @ sheet.needs.questions.T)),
        under_titles,
    ]
    return float(np.mean(signs))


def _most(values: Vectors) -> float:
    return float(values.max())


def _cover(sheet: Sheet) -> float:
    """The share of the ticket's distinct stems that occur in the three best passages."""
    asked = set(stems(sheet.needs.whole.text.text, sheet.needs.language))
    held = {
        stem
        for passage in sheet.evidence[:3]
        for stem in stems(f"{passage.title} {passage.heading} {passage.text}", passage.language)
    }
    return len(asked & held) / len(asked) if asked else 0.0
