"""The learned tagger: a linear-chain conditional random field as plain arrays.

Invariant: what serves is sums of weights and one Viterbi pass, linear in the text; whatever trained it is not needed.
Source: Lafferty, McCallum, Pereira, "Conditional random fields", ICML 2001.
"""

import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, repeat
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copilot.privacy.lexicon import Known, bytes_as_lines, lines_as_bytes, packed, unpacked
from copilot.privacy.signs import BESIDE, NEAR, NEAR_SIGNS, OWN_SIGNS, PAIR_SIGNS, Reading, Signs
from copilot.privacy.spans import Span
from copilot.privacy.tokens import fold

FORMAT = 1
# Without a label for how a name begins: two names with nothing between them are masked as one, and that is well.
LABELS = ("O", "PERSON", "ADDRESS")
SHIPPED = Path(__file__).parent / "models" / "names.npz"
_ENDS = frozenset(';:()[]{}<>"«»“”/|!?=\n')
_STEP = 12 * 1024  # signs looked up at once; a multiple of every row's length

Floats = NDArray[np.float32]


class TaggerUnusable(ValueError):
    """A file of weights that cannot serve."""


@dataclass(frozen=True, slots=True)
class Table:
    """Weights of signs: `rows[sign]` is the row of `weights` that belongs to it."""

    rows: Mapping[str, int]
    weights: Floats

    def sums(self, signs: Sequence[str], width: int) -> Floats:
        """The summed weights of each row of `width` signs; unknown ones weigh nothing."""
        sums = np.empty((len(signs) // width, self.weights.shape[1]), dtype=np.float32)
        for start in range(0, len(signs), _STEP):  # bounds the memory that a long text takes
            found = list(map(self.rows.get, signs[start : start + _STEP], repeat(0)))
            rows = self.weights[np.array(found).reshape(-1, width)].sum(axis=1)
            sums[start // width : start // width + len(rows)] = rows
        return sums


@dataclass(frozen=True, slots=True)
class Weights:
    """Everything that is learned: for single words and their neighbours, for a word itself, for pairs, for labels."""

    lexicon: Mapping[str, int]
    near: Table
    own: Table
    beside: Table
    transitions: Floats
    lean: tuple[float, float]  # what counts for masking a word as a person, as an address


class Tagger:
    """Finds names and addresses in a text."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._reading = Reading(weights.lexicon)

    def spans(self, text: str) -> Iterator[Span]:
        """Names and addresses, in order."""
        signs = self._reading.signs(text)
        if signs.spans:
            scores = self._scores(signs)
            yield from _as_spans(text, signs.spans, best_path(scores, self._weights.transitions))

    def is_everyday(self, word: str) -> bool:
        """Whether ordinary text has this word."""
        return bool(self._weights.lexicon.get(fold(word), 0) & Known.COMMON)

    def is_name(self, word: str) -> bool:
        """Whether people are called so."""
        return bool(self._weights.lexicon.get(fold(word), 0) & (Known.FIRST | Known.LAST))

    def _scores(self, signs: Signs) -> Floats:
        weights, count = self._weights, len(signs.spans)
        scores = np.zeros((count + 6, len(LABELS)), dtype=np.float32)  # three rows of room on either side
        _spread(scores, weights.near.sums(signs.near, NEAR_SIGNS), 2, [-away for away in NEAR])
        _spread(scores, weights.beside.sums(signs.pairs, PAIR_SIGNS), 2, BESIDE)
        scores = scores[3:-3]
        scores += weights.own.sums(signs.own, OWN_SIGNS)
        for place, letters in signs.letters:
            scores[place] += weights.own.sums(letters, len(letters))[0]
        scores[:, 1:] += np.array(weights.lean, dtype=np.float32)
        return scores


def _spread(scores: Floats, sums: Floats, first: int, places: Sequence[int]) -> None:
    """Add each block of columns of `sums` to the rows that lie so far from where the signs stand."""
    labels = len(LABELS)
    for block, away in enumerate(places):
        low, high = first + away, first + away + len(sums)
        cut = slice(max(0, -low), len(sums) - max(0, high - len(scores)))
        scores[max(low, 0) : min(high, len(scores))] += sums[cut, block * labels : (block + 1) * labels]


def best_path(scores: Floats, transitions: Floats) -> list[int]:
    """The most likely labels (Viterbi), one for each row of `scores`. Written out for three: a third of the time."""
    (oo, op, oa), (po, pp, pa), (ao, ap, aa) = transitions.tolist()
    rows = scores.tolist()
    none, person, address = rows[0]
    came: list[tuple[int, int, int]] = []
    for row in rows[1:]:
        x, y, z = none + oo, person + po, address + ao
        u, v, w = none + op, person + pp, address + ap
        r, s, t = none + oa, person + pa, address + aa
        came.append(
            (
                0 if x >= y and x >= z else 1 if y >= z else 2,
                0 if u >= v and u >= w else 1 if v >= w else 2,
                0 if r >= s and r >= t else 1 if s >= t else 2,
            )
        )
        none, person, address = max(x, y, z) + row[0], max(u, v, w) + row[1], max(r, s, t) + row[2]
    label = 0 if none >= person and none >= address else 1 if person >= address else 2
    path = [label]
    for back in reversed(came):
        label = back[label]
        path.append(label)
    return path[::-1]


def _as_spans(text: str, spans: Sequence[tuple[int, int]], path: Sequence[int]) -> Iterator[Span]:
    """Runs of one label, without the marks around them; no name goes on behind a mark that ends one."""
    labels = [
        0 if label == 1 and text[start] in _ENDS else label for (start, _), label in zip(spans, path, strict=True)
    ]
    for label, run in groupby(zip(labels, spans, strict=True), key=itemgetter(0)):
        if label:
            words = [span for _label, span in run if text[span[0]].isalnum()]
            if words:
                yield Span(words[0][0], words[-1][1], LABELS[label])


def save(weights: Weights, file: Path) -> None:
    """Write `weights`, whole or not at all."""
    arrays: dict[str, Any] = {"format": np.array([FORMAT]), "lean": np.array(weights.lean), **packed(weights.lexicon)}
    for name, table in (("near", weights.near), ("own", weights.own), ("beside", weights.beside)):
        arrays[f"{name}_signs"] = lines_as_bytes(table.rows)
        arrays[f"{name}_weights"] = table.weights[1:].astype(np.float16)
    part = file.with_suffix(".part")
    with part.open("wb") as handle:
        np.savez_compressed(handle, transitions=weights.transitions, **arrays)
    part.replace(file)


def load(file: Path) -> Weights:
    """Weights that `save` wrote. Raises TaggerUnusable."""
    try:
        with np.load(file, allow_pickle=False) as arrays:
            if arrays["format"].tolist() != [FORMAT]:
                raise TaggerUnusable(f"{file.name} is of another format")
            return _read(arrays)
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise TaggerUnusable(f"{file.name} cannot be read ({error})") from error


def _read(arrays: Mapping[str, NDArray[Any]]) -> Weights:
    transitions = arrays["transitions"].astype(np.float32)
    if transitions.shape != (len(LABELS), len(LABELS)) or not np.isfinite(transitions).all():
        raise ValueError("transitions")
    return Weights(
        lexicon=unpacked(arrays["words"], arrays["flags"]), near=_table(arrays, "near", len(NEAR)),
        own=_table(arrays, "own", 1), beside=_table(arrays, "beside", len(BESIDE)), transitions=transitions,
        lean=_lean(arrays["lean"]),
    )  # fmt: skip


def _lean(array: NDArray[Any]) -> tuple[float, float]:
    person, address = array.tolist()
    return float(person), float(address)


def _table(arrays: Mapping[str, NDArray[Any]], name: str, places: int) -> Table:
    signs = bytes_as_lines(arrays[f"{name}_signs"])
    weights = arrays[f"{name}_weights"].astype(np.float32)
    if weights.shape != (len(signs), places * len(LABELS)) or not np.isfinite(weights).all():
        raise ValueError(name)
    return table(signs, weights)


def table(signs: Sequence[str], weights: Floats) -> Table:
    """A table with a row of zeros in front."""
    zeros = np.zeros((1, weights.shape[1]), dtype=np.float32)
    return Table({sign: row for row, sign in enumerate(signs, 1)}, np.concatenate([zeros, weights]))


@lru_cache(maxsize=1)
def shipped() -> Tagger:
    """The tagger that comes with Souffleur, loaded once in a process."""
    return Tagger(load(SHIPPED))
