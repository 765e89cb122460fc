"""Which rows are held out in which round of a cross-validation.

Invariant: every label keeps a training row in every round, so every round's columns are all the labels; a label's
only row is never held out.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Indexes = npt.NDArray[np.intp]
FOLDS = 5
ENOUGH = 1500  # held-out rows; more rounds would judge little better and cost a fit each


def rounds(targets: Indexes, seed: int, *, enough: int = ENOUGH) -> Iterator[tuple[Indexes, Indexes]]:
    """(training rows, held-out rows) for up to FOLDS rounds, until `enough` rows have been held out.

    Nothing where every label has one row.
    """
    fold = _assign(targets, np.random.default_rng(seed))
    held = 0
    for number in range(FOLDS):
        out = np.flatnonzero(fold == number)
        if held >= enough or not len(out):
            break
        held += len(out)
        yield np.flatnonzero(fold != number), out


def sample(targets: Indexes, size: int, seed: int) -> Indexes:
    """About `size` rows, at least two of each label that has them, otherwise in proportion to the labels."""
    if len(targets) <= size:
        return np.arange(len(targets))
    random = np.random.default_rng(seed)
    kept = []
    for label in np.unique(targets):
        rows = np.flatnonzero(targets == label)
        kept.append(random.permutation(rows)[: max(2, round(len(rows) * size / len(targets)))])
    return np.sort(np.concatenate(kept))


def _assign(targets: Indexes, random: np.random.Generator) -> Indexes:
    """The round in which each row is held out, -1 for never; a label's rows are dealt out in turn."""
    fold = np.full(len(targets), -1, dtype=np.intp)
    dealt = 0
    for label in np.unique(targets):
        rows = random.permutation(np.flatnonzero(targets == label))
        if len(rows) > 1:
            fold[rows] = (np.arange(len(rows)) + dealt) % FOLDS
            dealt += len(rows)
    return fold
