"""Labelled vectors to a `Classifier`.

Invariant: regularisation, temperature and threshold are chosen on rows the scored model has not seen.

About 25 s for 15,000 rows of 150 labels, 4 s for 770 rows of 77, on one of two busy cores.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from copilot.triage.classifier import Classifier, energy, softmax
from copilot.triage.folds import ENOUGH, Indexes, rounds, sample
from copilot.triage.lift import Floats, make_lift

STRENGTHS = (3.0, 10.0, 30.0)  # scikit-learn's C; the best on 10 rows a label as on 100 is among them
DEFAULT_STRENGTH = 10.0
SAMPLE = 3000  # rows on which C is chosen, on at least SAMPLE_HELD_OUT of them
SAMPLE_HELD_OUT = 300
TOLERANCE = 1e-4  # scikit-learn's own; looser fits have other energies, so the threshold would not carry over
SAMPLE_TOLERANCE = 3e-4
TEMPERATURES = np.geomspace(0.2, 5, 65)
# Share of rightly answered questions that the default threshold turns away. On CLINC150's dev rows: 0.005 finds 70 % of
# the out-of-scope questions at 95.3 % accuracy, 0.0075 80 % at 94.9 %, 0.01 83 % at 94.6 %, 0.02 91 % at 92.8 %.
LOST = 0.0075


class CannotTrain(ValueError):
    """The rows cannot make a classifier; the message says what is missing."""


class _HeldOut(NamedTuple):
    """What models said of rows they had not seen: `logits` of shape (n, labels), `gold` of shape (n,)."""

    logits: npt.NDArray[np.float64]
    gold: Indexes


def train(vectors: Floats, labels: Sequence[str], *, recipe: str, seed: int = 0) -> Classifier:
    """A classifier of `vectors`, shape (n, width), one label each; `recipe` names what made the vectors.

    Raises CannotTrain for no rows, a single label, an empty label, or a vector that is not finite or all zero.
    Labels with one row are learned, though nothing can be measured on them.
    """
    _check(vectors, labels)
    names, targets = np.unique(np.asarray(labels, dtype=str), return_inverse=True)
    lift = make_lift(vectors.shape[1], seed)
    features = lift(np.ascontiguousarray(vectors, dtype=np.float32))
    strength = _choose_strength(features, targets, seed)
    held_out = _hold_out(features, targets, strength, seed)
    weights, bias = _fit(features, targets, strength, TOLERANCE)
    return Classifier(
        labels=tuple(map(str, names)),
        recipe=recipe,
        lift=lift,
        weights=weights,
        bias=bias,
        temperature=_temperature(held_out) if held_out else 1.0,
        threshold=_threshold(held_out) if held_out else -np.inf,
    )


def _check(vectors: Floats, labels: Sequence[str]) -> None:
    if vectors.ndim != 2 or len(vectors) != len(labels):
        raise CannotTrain(f"{len(labels)} labels for vectors of shape {vectors.shape}")
    if not len(labels):
        raise CannotTrain("there are no labelled rows")
    if not all(label.strip() for label in labels):
        raise CannotTrain(f"row {next(i for i, label in enumerate(labels) if not label.strip())} has an empty label")
    if len(set(labels)) == 1:
        raise CannotTrain(f"all rows have the label {labels[0]!r}: there is nothing to tell apart")
    usable = np.isfinite(vectors).all(axis=1) & vectors.any(axis=1)
    if not usable.all():
        raise CannotTrain(f"row {int(np.argmin(usable))} has no usable vector: is its text empty?")


def _fit(features: Floats, targets: Indexes, strength: float, tolerance: float) -> tuple[Floats, Floats]:
    """Weights (features, labels) and bias (labels,); two labels get two columns like any other number."""
    from sklearn.linear_model import LogisticRegression  # two seconds, for processes that never train

    # On cores that serve the desk as well, a second thread mostly spins: 15,000 rows took 25 s on one, 50 s on two.
    with threadpool_limits(1):
        model = LogisticRegression(C=strength, tol=tolerance, max_iter=200).fit(features, targets)
    coefficients, intercepts = model.coef_, model.intercept_
    if len(coefficients) == 1:
        coefficients = np.vstack([-coefficients, coefficients]) / 2
        intercepts = np.concatenate([-intercepts, intercepts]) / 2
    return coefficients.T.astype(np.float32), intercepts.astype(np.float32)


def _hold_out(
    features: Floats,
    targets: Indexes,
    strength: float,
    seed: int,
    *,
    enough: int = ENOUGH,
    tolerance: float = TOLERANCE,
) -> _HeldOut | None:
    """Logits of rows held out in turn; None where no label has a row to spare."""
    logits, gold = [], []
    for train_rows, test_rows in rounds(targets, seed, enough=enough):
        weights, bias = _fit(features[train_rows], targets[train_rows], strength, tolerance)
        logits.append(features[test_rows] @ weights + bias)
        gold.append(targets[test_rows])
    return _HeldOut(np.vstack(logits).astype(np.float64), np.concatenate(gold)) if gold else None


def _choose_strength(features: Floats, targets: Indexes, seed: int) -> float:
    """The C whose held-out probabilities, at their best temperature, are best."""
    rows = sample(targets, SAMPLE, seed)
    losses = {}
    for strength in STRENGTHS:
        held_out = _hold_out(
            features[rows], targets[rows], strength, seed, enough=SAMPLE_HELD_OUT, tolerance=SAMPLE_TOLERANCE
        )
        if held_out is None:
            return DEFAULT_STRENGTH
        losses[strength] = _loss(held_out, _temperature(held_out))
    return min(losses, key=losses.__getitem__)


def _temperature(held_out: _HeldOut) -> float:
    return float(min(TEMPERATURES, key=lambda temperature: _loss(held_out, temperature)))


def _loss(held_out: _HeldOut, temperature: float) -> float:
    """Mean cross-entropy with Platt's targets, (n + 1) / (n + 2): few rows cannot prove certainty (Platt 1999)."""
    rows = len(held_out.gold)
    logs = np.log(softmax(held_out.logits / temperature) + 1e-12)
    right = logs[np.arange(rows), held_out.gold]
    others = (logs.sum(axis=1) - right) / (logs.shape[1] - 1)
    return float(-np.mean(right * (rows + 1) + others) / (rows + 2))


def _threshold(held_out: _HeldOut) -> float:
    """The energy that all but LOST of the rightly answered held-out rows reach."""
    right = held_out.logits.argmax(axis=1) == held_out.gold
    if not right.any():
        return float(-np.inf)
    return float(np.quantile(energy(held_out.logits[right]), LOST, method="lower"))
