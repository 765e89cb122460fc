"""What tells whether the evidence answers the ticket at all: the best that was found, and how far it stands out.

Invariant: every feature is one number for the ticket, and means the same however many passages were found.
"""

import numpy as np

from copilot.drafting.features import Features
from copilot.drafting.sheet import Floats, Sheet

_BEST = (
    "dense", "sent_whole", "sent_need", "ctx_whole", "ctx_need", "win_need", "head_need", "head_whole", "head_subject",
    "words_whole", "words_need", "words_passage", "words_in_heading", "words_asked",
)  # fmt: skip
_LOWER_ACROSS = ("dense", "ctx_need", "words_passage")


def answer_features(sheet: Sheet, units: Features, odds: Floats, pages: Floats) -> Features:
    """Arrays without axes, by name. `odds` of the units, shape (units,); `pages` probabilities, shape (pages,)."""
    found = {name: float(units[name].max()) for name in _BEST}
    top = np.sort(odds[sheet.quotable])[::-1]
    best = np.sort(pages)[::-1]
    foreign = float(units["foreign"].min())
    found |= {f"{name}_foreign": foreign * found[name] for name in _LOWER_ACROSS}
    found |= {
        "odds_1": _mean(top[:1]), "odds_3": _mean(top[:3]), "odds_6": _mean(top[:6]),
        "expected": float(np.log1p((1 / (1 + np.exp(-top))).sum())),
        "page_1": float(best[0]), "page_gap": float(best[0] - best[1]) if len(best) > 1 else 1.0,
        "foreign": foreign, "needs": float(np.log(len(sheet.needs.needs))),
        **_worst_need(sheet),
        "asked_words": float(np.log1p(len(sheet.needs.whole.text.text.split()))),
    }  # fmt: skip
    return {name: np.asarray(value, dtype=np.float64) for name, value in found.items()}


def _worst_need(sheet: Sheet) -> dict[str, float]:
    """How near the best unit comes to the need that is served worst."""
    needs = np.stack([need.vector for need in sheet.needs.needs])
    return {
        "worst_need": float((sheet.titled @ needs.T).max(axis=0).min()),
        "worst_need_alone": float((sheet.alone @ needs.T).max(axis=0).min()),
    }


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else -8.0
