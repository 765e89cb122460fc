"""Labelled texts as triage learns from them, each with its vector and its letters.

Invariant: the parts of an `Examples` are of the same rows, in the same order.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from copilot.privacy.text import Redacted
from copilot.triage.folds import Indexes
from copilot.triage.grams import Grams, grams
from copilot.triage.lift import Floats


class CannotTrain(ValueError):
    """The rows cannot make a classifier; the message says what is missing."""


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """`vectors` of shape (n, width); `labels` and `found`, the letters and words, have n items."""

    vectors: Floats
    found: Sequence[Grams]
    labels: Sequence[str]

    def __len__(self) -> int:
        return len(self.labels)

    def at(self, rows: Indexes) -> "Examples":
        """The examples at `rows`."""
        return Examples(self.vectors[rows], [self.found[i] for i in rows], [self.labels[i] for i in rows])

    def with_more(self, more: "Examples | None") -> "Examples":
        """These and, after them, `more`."""
        if more is None or not len(more):
            return self
        vectors = np.vstack([self.vectors, more.vectors])
        return Examples(vectors, [*self.found, *more.found], [*self.labels, *more.labels])


def examples(vectors: Floats, texts: Sequence[Redacted], labels: Sequence[str]) -> Examples:
    """Checked examples. Raises CannotTrain for no rows, a single label, an empty label, or a vector that is not
    finite or all zero.
    """
    if vectors.ndim != 2 or not len(vectors) == len(labels) == len(texts):
        raise CannotTrain(f"{len(labels)} labels and {len(texts)} texts for vectors of shape {vectors.shape}")
    _check_labels(labels)
    usable = np.isfinite(vectors).all(axis=1) & vectors.any(axis=1)
    if not usable.all():
        raise CannotTrain(f"row {int(np.argmin(usable))} has no usable vector: is its text empty?")
    return Examples(np.ascontiguousarray(vectors, dtype=np.float32), [grams(text.text) for text in texts], list(labels))


def _check_labels(labels: Sequence[str]) -> None:
    if not len(labels):
        raise CannotTrain("there are no labelled rows")
    if not all(label.strip() for label in labels):
        raise CannotTrain(f"row {next(i for i, label in enumerate(labels) if not label.strip())} has an empty label")
    if len(set(labels)) == 1:
        raise CannotTrain(f"all rows have the label {labels[0]!r}: there is nothing to tell apart")
