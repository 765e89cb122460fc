"""What the reader knows of each page, from what it thinks of its units and how the search found it."""

import numpy as np

from copilot.drafting.features import Features
from copilot.drafting.sheet import Floats, Sheet

_BEST = (
    "score", "dense", "head_whole", "head_need", "head_subject", "sent_whole", "sent_need", "ctx_whole", "ctx_need",
    "words_whole", "words_need", "words_heading", "words_in_heading", "words_passage", "page_passages",
)  # fmt: skip
_WORST = -8.0  # the log-odds of a page without a quotable unit


def page_features(sheet: Sheet, units: Features, odds: Floats) -> Features:
    """Arrays of shape (pages,), by name; `odds` are the units' log-odds, shape (units,). Within the ticket only."""
    pages = sheet.page[sheet.passage]
    found = {name: np.array([_best(units[name][pages == page]) for page in range(sheet.pages)]) for name in _BEST}
    tops = [np.sort(odds[(pages == page) & sheet.quotable])[::-1] for page in range(sheet.pages)]
    found["odds_1"] = np.array([_mean(top[:1]) for top in tops])
    found["odds_3"] = np.array([_mean(top[:3]) for top in tops])
    found["odds_6"] = np.array([_mean(top[:6]) for top in tops])
    found["expected"] = np.array([float((1 / (1 + np.exp(-top))).sum()) for top in tops])
    found["first"] = -np.log1p(_first(sheet))
    return {**_behind(found), **_relative(found)}


def _first(sheet: Sheet) -> Floats:
    """The rank, from 0, of each page's best passage."""
    first = np.full(sheet.pages, np.inf)
    np.minimum.at(first, sheet.page, np.arange(len(sheet.page), dtype=np.float64))
    return first


def _behind(found: Features) -> Features:
    return {f"{name}_behind": values - values.max() for name, values in found.items()}


def _relative(found: Features) -> Features:
    return {f"{name}_z": (values - values.mean()) / max(float(values.std()), 1e-6) for name, values in found.items()}


def _best(values: Floats) -> float:
    return float(values.max()) if len(values) else 0.0


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else _WORST
