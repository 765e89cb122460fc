"""Rows to train on and rows to measure on, cut from one file.

Invariant: which side a row falls on depends on its text alone, so that the same file, longer or in another order,
keeps the same rows apart, and no text is on both sides.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

HELD_OUT = 5  # one row in so many


class Labelled(NamedTuple):
    """A text and what it is about."""

    text: str
    category: str


def cut(rows: Sequence[Labelled]) -> tuple[list[Labelled], list[Labelled]]:
    """(rows to train on, rows held out): a fifth of the texts, by their hash."""
    held = [row for row in rows if _place(row) % HELD_OUT == 0]
    return [row for row in rows if _place(row) % HELD_OUT], held


def few(rows: Sequence[Labelled], per_label: int) -> list[Labelled]:
    """`per_label` rows of each label, or all that it has, chosen by their hash."""
    by_label: dict[str, list[Labelled]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (_place(row), row.text)):
        by_label[row.category].append(row)
    return [row for label in sorted(by_label) for row in by_label[label][:per_label]]


def _place(row: Labelled) -> int:
    return int.from_bytes(hashlib.sha256(" ".join(row.text.lower().split()).encode()).digest()[:8], "big")
