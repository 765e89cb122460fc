"""How many passages a search may see, and how long they are.

Invariant: counted when it is asked; where there are LARGE many passages, at most a minute before.
"""

import time
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Sum

from knowledge.models import Passage
from knowledge.scope import Scope

# From here on the scores of a search no longer hang on a passage more or less, and counting them all takes long.
LARGE = 10_000
SECONDS = 60.0

Shelf = tuple[str, str]  # language and visibility


class Corpus(NamedTuple):
    """The number of passages, and the mean of their words (at least 1)."""

    passages: int
    mean: float


_kept: dict[str, tuple[float, dict[Shelf, tuple[int, float]]]] = {}


def of(scope: Scope) -> Corpus:
    """What `scope` lets through."""
    seen = [counts for shelf, counts in shelves().items() if shelf[0] in scope.languages and shelf[1] in scope.visible]
    passages, words = sum(number for number, _ in seen), sum(words for _, words in seen)
    return Corpus(passages, max(words / passages, 1.0) if passages else 1.0)


def forget() -> None:
    """Count afresh next time."""
    _kept.clear()


def shelves() -> dict[Shelf, tuple[int, float]]:
    """Of each language and visibility that has current passages: how many, and their words."""
    name = str(connection.settings_dict["NAME"])
    until, kept = _kept.get(name, (0.0, {}))
    if time.monotonic() < until:
        return kept
    counted = Passage.objects.filter(current=True).order_by().values_list("language", "visibility")
    rows = {(row[0], row[1]): (row[2], row[3]) for row in counted.annotate(Count("pk"), Sum("words"))}
    if sum(passages for passages, _ in rows.values()) >= LARGE:
        _kept[name] = (time.monotonic() + SECONDS, rows)
    return rows
