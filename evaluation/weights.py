"""The weights of the check, from rows whose part is "calibrate".

Invariant: what an objection forbids is no row here, since it is decided without weights; and a row counts by the unit
of its passage that carries it best, which the weights decide in turn, so fitting goes a few rounds.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from copilot.drafting.instructions import usable_units
from copilot.drafting.objections import objections
from copilot.drafting.verify import pair_of
from copilot.drafting.weighing import FEATURES, FORMAT, features
from evaluation.data import BadData
from evaluation.verification import Row

ROUNDS = 4
Array = npt.NDArray[np.float64]


def fit(rows: Sequence[Row], more: Sequence[Row] = ()) -> dict[str, object]:
    """The content of the weights' file. `more` rows, from raw material, weigh as much together as `rows`.

    Raises BadData when the rows do not hold both labels.
    """
    share = len(rows) / max(1, len(more))
    weighed = [*((row, 1.0) for row in rows), *((row, share) for row in more)]
    measured = [(row.good, each, _candidates(row)) for row, each in weighed if row.written.kind == "fact"]
    measured = [one for one in measured if len(one[2])]
    labels = np.array([good for good, _, _ in measured])
    shares = np.array([each for _, each, _ in measured])
    if len(set(labels.tolist())) < 2:
        raise BadData("weights need good and bad rows whose part is calibrate")
    weights = _first_guess()
    for _ in range(ROUNDS):
        chosen = np.array([found[np.argmax(found @ weights[1:])] for _, _, found in measured])
        model = LogisticRegression(max_iter=2000).fit(chosen, labels, sample_weight=shares)
        weights = np.concatenate([model.intercept_, model.coef_[0]])
    rounded = [round(float(weight), 4) for weight in weights]
    return {"format": FORMAT, "features": list(FEATURES), "weights": rounded, "rows": len(labels)}


def save(weights: dict[str, object], path: Path) -> None:
    """Write the weights' file."""
    path.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


def _candidates(row: Row) -> Array:
    """The measures of every unit to which nothing objects, shape (units, features)."""
    found = []
    for number in row.cited:
        passage = row.evidence[number]
        pairs = (pair_of(row.sentence, unit, passage) for unit in usable_units(passage))
        found += [features(pair) for pair in pairs if not any(True for _ in objections(pair))]
    return np.array(found, dtype=np.float64)


def _first_guess() -> Array:
    """Much of the sentence held, nothing new."""
    guess = np.zeros(len(FEATURES) + 1)
    guess[1 + FEATURES.index("aligned")], guess[1 + FEATURES.index("new_share")] = 2.0, -1.0
    return guess
