"""Which of the questions that wait teaches most, if a person says what it is about.

Invariant: numpy only, and deterministic. Vectors of one embedder only are compared.

What is gained by an answer is the doubt that it takes away: of the question itself and, the more alike they are, of
those that wait with it. What has been answered already, or is asked before, takes its share first. So a question in a
crowd comes before a lone one, and of twenty copies one is asked. That sum is submodular, so that taking the best one
after the other gives at least 63 % of what the best choice could (Nemhauser and others 1978); it is the facility
location of Wei and others (2015), weighted by doubt.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from copilot.triage.classifier import Prediction

Floats = npt.NDArray[np.float32]
Scores = npt.NDArray[np.float64]
UNLIKE = 0.5  # cosine up to which an answer to one says nothing of the other
ALIKE = 0.75  # cosine from which two are called alike
LEAST = 1e-6  # what is left of a question's doubt when it has been answered in other words: never zero


def doubt(said: Prediction) -> float:
    """From 0, certain, to 1: one less the margin of the likeliest to the second; 1 where no known intent fits."""
    if not said.in_scope or len(said.ranked) < 2:
        return 1.0
    return 1.0 - (said.ranked[0][1] - said.ranked[1][1])


def order(vectors: Floats, doubts: Sequence[float], answered: Floats | None = None) -> Scores:
    """How much each question teaches when they are asked from the highest down; always above 0.

    `vectors` are unit vectors, shape (n, width); `answered` are those of questions that a person has answered. Raises
    ValueError where vectors and doubts are not of the same questions.
    """
    if len(vectors) != len(doubts):
        raise ValueError(f"{len(vectors)} vectors for {len(doubts)} doubts")
    weights, tells = np.asarray(doubts, dtype=np.float64), _tells(vectors, vectors)
    known = _tells(vectors, answered).max(axis=1) if answered is not None and len(answered) else np.zeros(len(vectors))
    scores, most = np.zeros(len(vectors)), np.full(len(vectors), np.inf)
    for _ in range(len(vectors)):
        best = _next(weights, tells, known, most)
        scores[best], most[best] = most[best], -np.inf
        known = np.maximum(known, tells[best])
    return scores


def _next(weights: Scores, tells: Scores, known: Scores, most: Scores) -> int:
    """The best of those that are left. `most` has what each can gain at most, since a gain never grows; made exact
    only for those that might be the best (Minoux 1978).
    """
    exact: set[int] = set()
    while (best := int(np.argmax(most))) not in exact:
        most[best] = weights @ np.maximum(tells[best] - known, 0) + LEAST * weights[best] + LEAST**2
        exact.add(best)
    return best


def alike(vectors: Floats) -> npt.NDArray[np.int64]:
    """How many of the others are like each."""
    return np.asarray((vectors @ vectors.T >= ALIKE).sum(axis=1) - 1) if len(vectors) else np.zeros(0, dtype=np.int64)


def _tells(these: Floats, those: Floats) -> Scores:
    """How much an answer to each of `those` (columns) says of each of `these`, from 0 to 1."""
    return np.asarray(np.clip((these @ those.T - UNLIKE) / (1 - UNLIKE), 0, 1), dtype=np.float64)
