"""What the reader knows of each unit: nearness, shared words, place; and each against the other candidates.

Invariant: the names and their order depend on nothing but this code, so that weights learned under these names fit.
A figure within the candidates of one ticket (how far from the mean, how far behind the best) means the same for every
product and most embedders; a bare cosine does not.
"""

import numpy as np

from copilot.drafting.nearness import nearness
from copilot.drafting.overlap import overlap
from copilot.drafting.place import place
from copilot.drafting.sheet import Floats, Ints, Sheet

Features = dict[str, Floats]
_COMPARED = (
    "sent_whole", "sent_need", "ctx_whole", "ctx_need", "win_need", "head_whole", "head_need", "dense",
    "words_whole", "words_need",
)  # fmt: skip
_LOCAL = ("sent_whole", "sent_need", "ctx_need")


def unit_features(sheet: Sheet) -> Features:
    """Arrays of shape (units,), by name. The sheet has at least one unit."""
    found = {**nearness(sheet), **overlap(sheet), **place(sheet)}
    for name in _COMPARED:
        found[f"{name}_z"] = standardised(found[name])
        found[f"{name}_behind"] = found[name] - found[name].max()
    for name in _LOCAL:
        found[f"{name}_in_passage"] = found[name] - best_of(found[name], sheet.passage)
        found[f"{name}_of_page"] = best_of(found[name], sheet.page[sheet.passage])
    return found


def standardised(values: Floats) -> Floats:
    """Distance from the mean in standard deviations; 0 where all are alike."""
    spread = float(values.std())
    return np.asarray((values - values.mean()) / (spread if spread > 1e-6 else 1.0))


def best_of(values: Floats, group: Ints) -> Floats:
    """For each value, the greatest of its group."""
    best = np.full(int(group.max()) + 1, -np.inf)
    np.maximum.at(best, group, values)
    return best[group]
