"""Whether a new model may take the place of the one that serves.

Invariant: both are judged on the same rows, which neither has learned from.

The rule, in plain words. With FEW rows or more: the new one takes over when it is right at least as often; or when it
is right a little less often, by no more than one question in a hundred (`allowed`), and chance may well have done that
(McNemar's exact test, p of at least CHANCE, and a bootstrap interval that reaches zero). With fewer rows nothing can be
proven: it takes over when it is right at least as often.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from copilot.triage.classifier import Prediction
from tickets.models import TrainingRun

Outcome = TrainingRun.Outcome
FEW = 50
CHANCE = 0.05
MARGIN = 100  # of so many questions one may be lost; docs/adr/0025 says why
SAMPLES = 4000
BINS = 15


@dataclass(frozen=True, slots=True)
class Measured:
    """A model on the held-out rows: shares of 0 to 1."""

    accuracy: float
    ece: float
    turned_away: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models on the same rows. `low` and `high`: the 95 % bootstrap interval of the difference in accuracy."""

    rows: int
    candidate: Measured
    current: Measured
    only_candidate: int
    only_current: int
    p: float
    low: float
    high: float

    def said(self) -> dict[str, Any]:
        """For the database."""
        return asdict(self)


def compare(candidate: Sequence[Prediction], current: Sequence[Prediction], gold: Sequence[str]) -> Comparison:
    """Judge both on the rows whose labels are `gold`; there is at least one."""
    new, old = right(candidate, gold), right(current, gold)
    only_new, only_old = int(np.sum(new & ~old)), int(np.sum(old & ~new))
    low, high = _interval(only_new, only_old, len(gold))
    return Comparison(
        rows=len(gold), candidate=measure(candidate, gold), current=measure(current, gold),
        only_candidate=only_new, only_current=only_old, p=_mcnemar(only_new, only_old), low=low, high=high,
    )  # fmt: skip


def decide(comparison: Comparison) -> tuple[bool, Outcome]:
    """Whether the candidate takes over, and why."""
    is_as_good = comparison.only_candidate >= comparison.only_current
    if comparison.rows < FEW:
        return is_as_good, Outcome.FEW if is_as_good else Outcome.FEW_WORSE
    if is_as_good:
        return True, Outcome.NOT_WORSE
    lost = comparison.only_current - comparison.only_candidate
    if lost <= allowed(comparison.rows) and comparison.p >= CHANCE and comparison.high >= 0:
        return True, Outcome.NO_PROOF
    return False, Outcome.WORSE


def allowed(rows: int) -> int:
    """How many questions fewer are not yet worse: one of each MARGIN, begun ones counted, as answers are whole."""
    return -(-rows // MARGIN)


def measure(predictions: Sequence[Prediction], gold: Sequence[str]) -> Measured:
    """Accuracy before the gate, calibration error, and the share of these known questions that the gate turns away."""
    is_right = right(predictions, gold)
    confidence = np.array([said.confidence for said in predictions])
    turned_away = float(np.mean([not said.in_scope for said in predictions]))
    return Measured(float(is_right.mean()), _calibration_error(confidence, is_right), turned_away)


def right(predictions: Sequence[Prediction], gold: Sequence[str]) -> npt.NDArray[np.bool_]:
    """For each row, whether its intent was found."""
    return np.array([said.intent == label for said, label in zip(predictions, gold, strict=True)], dtype=bool)


def _mcnemar(only_new: int, only_old: int) -> float:
    """The exact test: of the rows that one of them alone has right, is either side's share unlike a half?"""
    from scipy.stats import binomtest

    return float(binomtest(only_new, only_new + only_old).pvalue) if only_new + only_old else 1.0


def _interval(only_new: int, only_old: int, rows: int) -> tuple[float, float]:
    """Paired bootstrap. A row's difference is 1, -1 or 0, so that drawing rows again is drawing these three counts."""
    chances = np.array([only_new, only_old, rows - only_new - only_old]) / rows
    drawn = np.random.default_rng(0).multinomial(rows, chances, size=SAMPLES)
    low, high = np.quantile((drawn[:, 0] - drawn[:, 1]) / rows, [0.025, 0.975])
    return float(low), float(high)


def _calibration_error(confidence: npt.NDArray[np.float64], is_right: npt.NDArray[np.bool_]) -> float:
    """Mean distance of confidence from the share that is right, over equal-width bins (Guo and others 2017)."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    inside = [bins == number for number in np.unique(bins)]
    return float(sum(abs(confidence[each].mean() - is_right[each].mean()) * each.mean() for each in inside))
