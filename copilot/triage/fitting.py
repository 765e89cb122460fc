"""Examples to heads, by regularised logistic regression (scikit-learn).

Invariant: columns are the labels of `names`, in order, whichever of them a round happens to hold.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from copilot.triage.examples import Examples
from copilot.triage.folds import Indexes
from copilot.triage.heads import Letters, Meaning, matrix, rarity_of
from copilot.triage.lift import Floats, Lift

TOLERANCE = 1e-4  # scikit-learn's own; looser fits have other energies, so the threshold would not carry over
LETTERS_TOLERANCE = 1e-3  # a tighter one takes twice as long and changes no figure
LETTERS_STRENGTH = 10.0


class Heads(NamedTuple):
    """Both readings of the same rows."""

    meaning: Meaning
    letters: Letters


def fit(examples: Examples, names: Sequence[str], lift: Lift, strength: float, tolerance: float = TOLERANCE) -> Heads:
    """Both heads. Every name must label an example; `strength` is scikit-learn's C of the head of meaning."""
    return Heads(fit_meaning(examples, names, lift, strength, tolerance), fit_letters(examples, names))


def fit_meaning(examples: Examples, names: Sequence[str], lift: Lift, strength: float, tolerance: float) -> Meaning:
    """The head that reads vectors."""
    weights, bias = _fit(lift(examples.vectors), _targets(examples, names), strength, tolerance)
    return Meaning(lift, weights, bias)


def fit_letters(examples: Examples, names: Sequence[str]) -> Letters:
    """The head that reads letters and words."""
    rarity = rarity_of(examples.found)
    features = matrix(examples.found, rarity)
    weights, bias = _fit(features, _targets(examples, names), LETTERS_STRENGTH, LETTERS_TOLERANCE)
    return Letters(rarity, weights, bias)


def _targets(examples: Examples, names: Sequence[str]) -> Indexes:
    numbers = {name: number for number, name in enumerate(names)}
    return np.array([numbers[label] for label in examples.labels], dtype=np.intp)


def _fit(features: Any, targets: Indexes, strength: float, tolerance: float) -> tuple[Floats, Floats]:
    """Weights (features, labels) and bias (labels,); two labels get two columns like any other number."""
    from sklearn.linear_model import LogisticRegression  # two seconds, for processes that never train

    model = LogisticRegression(C=strength, tol=tolerance, max_iter=200).fit(features, targets)
    coefficients, intercepts = model.coef_, model.intercept_
    if len(coefficients) == 1:
        coefficients = np.vstack([-coefficients, coefficients]) / 2
        intercepts = np.concatenate([-intercepts, intercepts]) / 2
    return coefficients.T.astype(np.float32), intercepts.astype(np.float32)
