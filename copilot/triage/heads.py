"""Two readings of a ticket: by what it means, and by its letters and words.

Invariant: numpy only, and the same head gives the same logits in every process. A head over letters knows hashes and
weights, never a text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from copilot.triage.grams import BUCKETS, WIDTH, Grams, grams
from copilot.triage.lift import Floats, Lift

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """Logits from vectors: `weights` of shape (width + features, labels), `bias` (labels,)."""

    lift: Lift
    weights: Floats
    bias: Floats

    def __call__(self, vectors: Floats) -> Floats:
        """Shape (n, width) to (n, labels). Raises ValueError for another shape or numbers that are not finite."""
        if vectors.ndim != 2 or vectors.shape[1] != self.lift.width:
            raise ValueError(f"vectors of shape {vectors.shape}, where this classifier reads (n, {self.lift.width})")
        if not np.isfinite(vectors).all():
            raise ValueError("vectors hold values that are not finite")
        return self.lift(vectors.astype(np.float32)) @ self.weights + self.bias


@dataclass(frozen=True, slots=True, eq=False)
class Letters:
    """Logits from letters and words: `rarity` (WIDTH,) is the inverse document frequency of each column, `weights`
    of shape (WIDTH, labels), `bias` (labels,).
    """

    rarity: Floats
    weights: Floats
    bias: Floats

    def __call__(self, texts: Sequence[str]) -> Floats:
        """Shape (n, labels)."""
        return self.of([grams(text) for text in texts])

    def of(self, found: Sequence[Grams]) -> Floats:
        """Shape (n, labels), of texts whose letters and words are known already."""
        return np.vstack([self._one(weighted(one, self.rarity)) for one in found])

    def _one(self, found: Grams) -> Floats:
        return np.asarray(found.values @ self.weights[found.columns] + self.bias, dtype=np.float32)


def weighted(found: Grams, rarity: Floats) -> Grams:
    """Values times their rarity; characters and words each of length 1, so that a long text weighs no more."""
    values = found.values * rarity[found.columns]
    words = int(np.searchsorted(found.columns, BUCKETS))
    for part in (slice(None, words), slice(words, None)):
        values[part] /= max(float(np.linalg.norm(values[part])), 1e-12)
    return Grams(found.columns, values)


def rarity_of(found: Sequence[Grams]) -> Floats:
    """The smoothed inverse document frequency, log((1 + n) / (1 + df)) + 1, as scikit-learn has it."""
    seen = np.zeros(WIDTH, np.float32)
    for one in found:
        seen[one.columns] += 1
    return np.asarray(np.log((1 + len(found)) / (1 + seen)) + 1, dtype=np.float32)


def matrix(found: Sequence[Grams], rarity: Floats) -> "csr_matrix":
    """Shape (n, WIDTH), for training."""
    from scipy.sparse import csr_matrix

    rows = [weighted(one, rarity) for one in found]
    ends = np.cumsum([0, *(len(row.columns) for row in rows)])
    columns = np.concatenate([row.columns for row in rows])
    return csr_matrix((np.concatenate([row.values for row in rows]), columns, ends), shape=(len(rows), WIDTH))
