"""Texts to weights, by CRFsuite (Okazaki, 2007): L-BFGS with a little of both penalties.

Invariant: what CRFsuite learns is written as sums over the very signs that serve (copilot/privacy/signs.py), so the
tagger that serves gives the same labels without CRFsuite.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pycrfsuite

from copilot.privacy.lexicon import Lexicon
from copilot.privacy.signs import BESIDE, NEAR, NEAR_SIGNS, NONE, OWN_SIGNS, PAIR_SIGNS, Reading, Signs
from copilot.privacy.tagger import LABELS, Floats, Table, Weights, table
from training.names.filling import Filled

SETTINGS = {"c1": 0.1, "c2": 0.02, "max_iterations": 60, "feature.minfreq": 3, "feature.possible_transitions": True}
VERBOSE = False
TINY = 0.02  # a smaller weight is none


def fit(
    texts: Iterable[Filled], lexicon: Lexicon, work: Path, lean: tuple[float, float], iterations: int = 0
) -> Weights:
    """Learn. `work` is a file for CRFsuite's own model."""
    reading = Reading(lexicon)
    trainer = pycrfsuite.Trainer(verbose=VERBOSE)
    for filled in texts:
        signs = reading.signs(filled.text)
        if signs.spans:
            trainer.append(list(attributes(signs)), labels(signs, filled))
    trainer.set_params(SETTINGS | ({"max_iterations": iterations} if iterations else {}))
    trainer.train(str(work))
    tagger = pycrfsuite.Tagger()
    tagger.open(str(work))
    found = tagger.info()
    return weights(found.state_features, found.transitions, lexicon, lean)


def attributes(signs: Signs) -> Iterator[list[str]]:
    """Every sign that speaks for each word, and from where: `n2` a word two further on, `b0` a pair, `o` its own."""
    count = len(signs.spans)
    letters = dict(signs.letters)
    for i in range(count):
        found = [f"o{sign}" for sign in (*_row(signs.own, i, OWN_SIGNS), *letters.get(i, ()))]
        for away in NEAR:
            if 0 <= i + 1 + away <= count + 1:  # the edge in front has row 0
                found += [f"n{away}{sign}" for sign in _row(signs.near, i + 1 + away, NEAR_SIGNS) if sign != NONE]
        for away in BESIDE:
            if 0 <= i + 1 - away <= count:  # row p is the pair that begins at word p - 1
                found += [f"b{away}{sign}" for sign in _row(signs.pairs, i + 1 - away, PAIR_SIGNS)]
        yield found


def _row(signs: Sequence[str], row: int, width: int) -> Sequence[str]:
    return signs[row * width : (row + 1) * width]


def labels(signs: Signs, filled: Filled) -> list[str]:
    """The kind of the span that each word is in, else O."""
    found = ["O"] * len(signs.spans)
    for span in filled.spans:
        for i, (start, end) in enumerate(signs.spans):
            if start < span.end and end > span.start:
                found[i] = span.kind
    return found


def weights(
    state: Mapping[tuple[str, str], float],
    moves: Mapping[tuple[str, str], float],
    lexicon: Lexicon,
    lean: tuple[float, float],
) -> Weights:
    """CRFsuite's features as tables."""
    blocks: dict[str, dict[str, Floats]] = {"n": {}, "b": {}, "o": {}}
    places = {"n": NEAR, "b": BESIDE, "o": (0,)}
    for (attribute, label), weight in state.items():
        if abs(weight) < TINY:
            continue
        family, sign, block = _taken_apart(attribute)
        width = len(places[family]) * len(LABELS)
        row = blocks[family].setdefault(sign, np.zeros(width, dtype=np.float32))
        row[block * len(LABELS) + LABELS.index(label)] += weight
    near, beside, own = (_table(blocks[family]) for family in "nbo")
    transitions = np.zeros((len(LABELS), len(LABELS)), dtype=np.float32)
    for (one, other), weight in moves.items():
        transitions[LABELS.index(one), LABELS.index(other)] = weight
    return Weights(lexicon, near, own, beside, transitions, lean)


def _taken_apart(attribute: str) -> tuple[str, str, int]:
    family, rest = attribute[0], attribute[1:]
    if family == "o":
        return family, rest, 0
    cut = 2 if rest[0] == "-" else 1
    away = int(rest[:cut])
    return family, rest[cut:], (NEAR if family == "n" else BESIDE).index(away)


def _table(rows: dict[str, Floats]) -> Table:
    signs: Sequence[str] = sorted(rows)
    return table(signs, np.array([rows[sign] for sign in signs], dtype=np.float32))
