"""The intent of a ticket, from the vector of its text and from its letters and words.

Invariant: numpy only, and deterministic: the same classifier, vector and text give the same prediction in every
process.

`confidence` is the probability that `intent` is right for a question of a known intent: the softmax of the logits
divided by a temperature fitted on held-out rows (Guo and others 2017). Whether the question is of a known intent
at all is asked of the logits' energy, log sum exp (Liu and others 2020), which also works when nobody has labelled
questions out of scope.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from copilot.privacy.calls import made
from copilot.privacy.text import Redacted
from copilot.triage.heads import Letters, Meaning
from copilot.triage.lift import Floats

RANKED = 5


@dataclass(frozen=True, slots=True)
class Prediction:
    """The likeliest intent, its calibrated probability, the RANKED likeliest, and whether any known intent fits.

    `energy` (no unit) is how far any label claims the text: low for what is out of scope.
    """

    intent: str
    confidence: float
    ranked: tuple[tuple[str, float], ...]
    in_scope: bool
    energy: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """Two heads, mixed: the logits are (1 - share) of `meaning`'s and `share` of `letters`'.

    `recipe` names the embedder whose vectors it reads. `threshold` is the energy (no unit; from minus infinity, which
    accepts everything) under which a question is out of scope; `dataclasses.replace(classifier, threshold=...)` gives
    a stricter or looser one.
    """

    labels: tuple[str, ...]
    recipe: str
    meaning: Meaning
    letters: Letters
    share: float
    temperature: float
    threshold: float

    def predict(self, vectors: Floats, texts: Sequence[Redacted]) -> list[Prediction]:
        """One prediction per row of `vectors`, shape (n, width), and its text, in order. Raises ValueError."""
        if not len(texts):
            return []
        logits = self.logits(vectors, texts)
        energies = energy(logits)
        chances = softmax(logits / self.temperature)
        best = np.argsort(-chances, axis=1, kind="stable")[:, :RANKED]
        return [self._prediction(chances[i], best[i], float(energies[i])) for i in range(len(chances))]

    def logits(self, vectors: Floats, texts: Sequence[Redacted]) -> npt.NDArray[np.float64]:
        """Unscaled scores, shape (n, labels). Raises ValueError where vectors and texts are not of the same rows."""
        if len(vectors) != len(texts):
            raise ValueError(f"{len(vectors)} vectors for {len(texts)} texts")
        with made("classify", f"triage/{self.recipe}", lambda: [text.text for text in texts]):
            return self._logits(vectors, texts)

    def _logits(self, vectors: Floats, texts: Sequence[Redacted]) -> npt.NDArray[np.float64]:
        meaning = self.meaning(vectors)
        if not self.share:
            return meaning.astype(np.float64)
        letters = self.letters([text.text for text in texts])
        return ((1 - self.share) * meaning + self.share * letters).astype(np.float64)

    def _prediction(self, chances: npt.NDArray[np.float64], best: npt.NDArray[np.intp], energy: float) -> Prediction:
        ranked = tuple((self.labels[i], float(chances[i])) for i in best)
        return Prediction(ranked[0][0], ranked[0][1], ranked, energy >= self.threshold, energy)


def softmax(logits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Probabilities along the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def energy(logits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """log sum exp along the last axis, shape (n,): high where some label claims the row."""
    highest = logits.max(axis=-1, keepdims=True)
    return np.asarray(np.log(np.exp(logits - highest).sum(axis=-1)) + highest[..., 0])
