"""Is enough of a sentence in the passage's sentence? Weighed over a few measures of shared words and nearness.

Invariant: the weights are numbers in a file, made by one command from data given as a path; nothing here knows a
text. Whatever an objection forbids is decided before anything is weighed.
"""

import json
import math
import re
from functools import lru_cache
from pathlib import Path

from copilot.drafting.alignment import KNOWN, NEW
from copilot.drafting.comparable import parts
from copilot.drafting.objections import Pair

FORMAT = 1
_JOINED = re.compile(
    r"(?:\b(?:and|or|et|ou)|,)\s+(?:(?:an?|the|your|our|une?|le|la|les|des|votre|notre)\s+|l')?$", re.IGNORECASE
)
# Probabilities from which a sentence is supported or weak (docs/adr/0010).
SUPPORTED, WEAK = 0.55, 0.3
# With less of a sentence in the passage than this it is unsupported, whatever the context holds.
ALIGNED = 0.4
WEIGHTS = Path(__file__).parent / "models" / "verifier.json"
FEATURES = (
    "new_share", "new_words", "new_run", "new_joined", "new_elsewhere", "new_tail", "poorest_part", "cover",
    "few_words", "like_share", "aligned", "known",
)  # fmt: skip


def weight(pair: Pair) -> float:
    """How likely the passage's sentence carries what is said, from 0 to 1, by logistic regression."""
    bias, *coefficients = _weights()
    measured = features(pair)
    total = bias + sum(a * b for a, b in zip(coefficients, measured, strict=True))
    sure = 1 / (1 + math.exp(-total))
    content = _content(pair)
    if not content or measured[FEATURES.index("aligned")] < ALIGNED:
        return min(sure, WEAK / 2)
    return min(sure, WEAK) if content == 1 else sure


def _content(pair: Pair) -> int:
    """How many words of the sentence mean something; one alone says too little to be compared."""
    return sum(not word.filler for word in pair.said.words)


@lru_cache(maxsize=1)
def _weights() -> tuple[float, ...]:
    """The bias and one number for each of FEATURES. Raises ValueError for a file of another format or features."""
    said = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    if said["format"] != FORMAT or tuple(said["features"]) != FEATURES:
        raise ValueError(
            f"{WEIGHTS} was made for other features; run `manage.py evaluate verification FILE --fit` again"
        )
    return tuple(map(float, said["weights"]))


def features(pair: Pair) -> tuple[float, ...]:
    """The measures in the order of FEATURES, each from 0 to 1.

    Of words that the passage's sentence does not hold (new): their share, their number up to 4, their longest run up
    to 4, whether one is joined to others by "and", whether one stands elsewhere in the passage, how many stand at the
    end. The smallest share of words held in a part of the sentence; how much of the passage's sentence is said; 1 over
    the number of words; the shares of words that are like and not equal, that stand for some word, and that the
    context holds.
    """
    real = [n for n, word in enumerate(pair.said.words) if not word.filler and not word.is_number]
    places = [pair.aligned.places[n] for n in real]
    new = [n for n, place in zip(real, places, strict=True) if place == NEW]
    total = max(1, len(real))
    return (
        len(new) / total,
        min(len(new), 4) / 4,
        min(_longest_run(new), 4) / 4,
        float(any(_joined(pair, n) for n in new)),
        float(any(pair.said.words[n].stem in pair.elsewhere for n in new)),
        _tail(real, new, places),
        _poorest_part(pair, real),
        pair.share(0, len(pair.held.text)),
        1 / total,
        sum(place >= 0 and _differs(pair, n) for n, place in zip(real, places, strict=True)) / total,
        sum(place >= 0 for place in places) / total,
        sum(place == KNOWN for place in places) / total,
    )


def _joined(pair: Pair, n: int) -> bool:
    return bool(_JOINED.search(pair.said.text[: pair.said.words[n].start]))


def _tail(real: list[int], new: list[int], places: list[int]) -> float:
    """How many new words follow the last that is not, up to 3 and as a share of 3."""
    last = max((n for n, place in zip(real, places, strict=True) if place != NEW), default=-1)
    return min(sum(n > last for n in new), 3) / 3


def _poorest_part(pair: Pair, real: list[int]) -> float:
    shares = [1.0]
    for start, end in parts(pair.said.text):
        inside = [n for n in real if start <= pair.said.words[n].start < end]
        if len(inside) > 1:
            shares.append(sum(pair.aligned.places[n] != NEW for n in inside) / len(inside))
    return min(shares)


def _differs(pair: Pair, n: int) -> bool:
    return pair.said.words[n].stem != pair.held.words[pair.aligned.places[n]].stem


def _longest_run(indexes: list[int]) -> int:
    longest = current = 0
    before = -2
    for index in indexes:
        current = current + 1 if index == before + 1 else 1
        longest, before = max(longest, current), index
    return longest
