"""The intent of a ticket, from the vector of its text.

Invariant: numpy only, and deterministic: the same classifier and vector give the same prediction in every process.

`confidence` is the probability that `intent` is right for a question of a known intent: the softmax of the logits
divided by a temperature fitted on held-out rows (Guo and others 2017). Whether the question is of a known intent
at all is asked of the logits' energy, log sum exp (Liu and others 2020), which also works when nobody has labelled
questions out of scope.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from copilot.triage.lift import Floats, Lift

RANKED = 5


@dataclass(frozen=True, slots=True)
class Prediction:
    """The likeliest intent, its calibrated probability, the RANKED likeliest, and whether any known intent fits."""

    intent: str
    confidence: float
    ranked: tuple[tuple[str, float], ...]
    in_scope: bool


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """A linear model over lifted vectors.

    `weights` has shape (features, labels) and `bias` (labels,). `recipe` names the embedder whose vectors it reads.
    `threshold` is the energy (no unit; from minus infinity, which accepts everything) under which a question is
    out of scope; `dataclasses.replace(classifier, threshold=...)` gives a stricter or looser one.
    """

    labels: tuple[str, ...]
    recipe: str
    lift: Lift
    weights: Floats
    bias: Floats
    temperature: float
    threshold: float

    def predict(self, vectors: Floats) -> list[Prediction]:
        """One prediction per row of `vectors`, shape (n, width), in order. Raises ValueError for another shape."""
        logits = self.logits(vectors)
        known = energy(logits) >= self.threshold
        chances = softmax(logits / self.temperature)
        best = np.argsort(-chances, axis=1, kind="stable")[:, :RANKED]
        return [self._prediction(chances[i], best[i], bool(known[i])) for i in range(len(chances))]

    def logits(self, vectors: Floats) -> npt.NDArray[np.float64]:
        """Unscaled scores, shape (n, labels)."""
        if vectors.ndim != 2 or vectors.shape[1] != self.lift.width:
            raise ValueError(f"vectors of shape {vectors.shape}, where this classifier reads (n, {self.lift.width})")
        if not np.isfinite(vectors).all():
            raise ValueError("vectors hold values that are not finite")
        return (self.lift(vectors.astype(np.float32)) @ self.weights + self.bias).astype(np.float64)

    def _prediction(self, chances: npt.NDArray[np.float64], best: npt.NDArray[np.intp], known: bool) -> Prediction:
        ranked = tuple((self.labels[i], float(chances[i])) for i in best)
        return Prediction(intent=ranked[0][0], confidence=ranked[0][1], ranked=ranked, in_scope=known)


def softmax(logits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Probabilities along the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def energy(logits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """log sum exp along the last axis, shape (n,): high where some label claims the row."""
    highest = logits.max(axis=-1, keepdims=True)
    return np.asarray(np.log(np.exp(logits - highest).sum(axis=-1)) + highest[..., 0])
