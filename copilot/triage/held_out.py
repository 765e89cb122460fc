"""What is chosen on rows that the models had not seen: how the heads are mixed, how sure to be, what is unknown.

Invariant: nothing in here fits a model; the same logits give the same choices.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from copilot.triage.classifier import energy, softmax
from copilot.triage.folds import Indexes

Logits = npt.NDArray[np.float64]
SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)  # of letters and words; more than half was never best
TEMPERATURES = np.geomspace(0.1, 5, 79)
# Share of rightly answered questions that the default threshold turns away (docs/triage.md has what others would do).
LOST = 0.0025


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """What both heads said of rows they had not seen, shape (n, labels), and the right column of each, (n,)."""

    meaning: Logits
    letters: Logits
    gold: Indexes

    def mixed(self, share: float) -> Logits:
        """The logits of a classifier with this share of letters."""
        return (1 - share) * self.meaning + share * self.letters


@dataclass(frozen=True, slots=True)
class Choice:
    """What held-out rows chose; `loss` is their mean cross-entropy under it."""

    share: float
    temperature: float
    threshold: float
    loss: float


def choose(held_out: HeldOut) -> Choice:
    """The mixture whose probabilities, at their best temperature, are best."""
    return min((_choice(held_out, share) for share in SHARES), key=lambda choice: choice.loss)


def _choice(held_out: HeldOut, share: float) -> Choice:
    logits = held_out.mixed(share)
    temperature = best_temperature(logits, held_out.gold)
    return Choice(share, temperature, threshold(logits, held_out.gold), loss(logits / temperature, held_out.gold))


def best_temperature(logits: Logits, gold: Indexes) -> float:
    """The temperature of the least loss, among TEMPERATURES."""
    return float(min(TEMPERATURES, key=lambda temperature: loss(logits / temperature, gold)))


def loss(logits: Logits, gold: Indexes) -> float:
    """Mean cross-entropy with Platt's targets, (n + 1) / (n + 2): few rows cannot prove certainty (Platt 1999)."""
    rows = len(gold)
    logs = np.log(softmax(logits) + 1e-12)
    right = logs[np.arange(rows), gold]
    others = (logs.sum(axis=1) - right) / (logs.shape[1] - 1)
    return float(-np.mean(right * (rows + 1) + others) / (rows + 2))


def threshold(logits: Logits, gold: Indexes) -> float:
    """The energy that all but LOST of the rightly answered rows reach; minus infinity where none was right."""
    right = logits.argmax(axis=1) == gold
    if not right.any():
        return float(-np.inf)
    return float(np.quantile(energy(logits[right]), LOST, method="lower"))
