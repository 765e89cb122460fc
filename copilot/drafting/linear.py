"""A linear model as plain numbers: what serves is a dot product, whatever trained it.

Invariant: weights meet features by name, never by place; a feature that the weights do not know is not used, one
that they miss makes them unusable.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from copilot.drafting.sheet import Floats
from copilot.inference.manifest import ModelUnusable


@dataclass(frozen=True, slots=True)
class Linear:
    """Sum of weight x (feature - mean) / scale, and the bias: log-odds where a logistic regression made it."""

    names: tuple[str, ...]
    mean: Floats
    scale: Floats
    weights: Floats
    bias: float

    def score(self, features: Mapping[str, Floats]) -> Floats:
        """One number for each row; every feature array has the same shape. Raises ModelUnusable."""
        if missing := [name for name in self.names if name not in features]:
            raise ModelUnusable(f"the reader's weights want features that are not made: {', '.join(missing)}")
        rows = np.stack([features[name] for name in self.names], axis=-1)
        return np.asarray((rows - self.mean) / self.scale @ self.weights + self.bias, dtype=np.float64)

    def as_json(self) -> dict[str, Any]:
        """Numbers of six significant digits: more would not change a decision."""
        rows = zip(self.names, self.mean, self.scale, self.weights, strict=True)
        return {"bias": _short(self.bias), "features": {row[0]: [_short(value) for value in row[1:]] for row in rows}}


def linear(said: Any) -> Linear:
    """What `as_json` said. Raises ModelUnusable."""
    try:
        rows = {str(name): [float(value) for value in row] for name, row in said["features"].items()}
        columns = np.array(list(rows.values()), dtype=np.float64).reshape(-1, 3)
        if not np.isfinite(columns).all() or not (columns[:, 1] > 0).all():
            raise ValueError("a number is not finite, or a scale is not positive")
        return Linear(tuple(rows), columns[:, 0], columns[:, 1], columns[:, 2], float(said["bias"]))
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise ModelUnusable(f"the reader's weights cannot be read ({error})") from error


def _short(value: float) -> float:
    return float(f"{float(value):.6g}")
