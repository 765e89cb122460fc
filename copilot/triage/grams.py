"""The letters and words of a text, counted: what an embedding may not know, such as a product's name or its spelling.

Invariant: stateless and the same in every process: a text's features depend on that text alone, and hold no word that
could be read back out of a model, since only hashes are kept (Weinberger and others 2009, "Feature hashing").

Runs of 2 to 5 characters, over word boundaries, and single words and pairs of them, each folded into BUCKETS columns
with a sign, so that what collides cancels out on average. At 4,096 columns Banking77's dev accuracy is 0.5 points
below that of all 32,786 runs, by a fit of 4 s instead of 10.
"""

import re
import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

BITS = 12
BUCKETS = 1 << BITS
WIDTH = 2 * BUCKETS
SHORTEST, LONGEST = 2, 5
MAX_CHARACTERS = 4000  # of a longer text, a log for instance, the rest says nothing new about its intent

_WORD = re.compile(r"\w+")
# Odd constants of 64 bits with well-mixed digits: FNV's prime, the golden ratio, and one of SplitMix64.
_PRIME, _GOLDEN, _MIX = (np.uint64(n) for n in (0x100000001B3, 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9))

Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Grams:
    """The columns (ascending) that are not zero, and their values: 1 + log of the count, with the column's sign.

    Columns below BUCKETS are of characters, the others of words.
    """

    columns: npt.NDArray[np.int64]
    values: npt.NDArray[np.float32]


def grams(text: str) -> Grams:
    """What stands in the first MAX_CHARACTERS of `text`, in lower case with single spaces."""
    plain = f" {' '.join(text[:MAX_CHARACTERS].lower().split())} "
    characters, words = _folded(_runs(plain)), _folded(_words(plain))
    return Grams(
        np.concatenate([characters.columns, words.columns + BUCKETS]),
        np.concatenate([characters.values, words.values]),
    )


def _runs(plain: str) -> Hashes:
    """Hashes of all runs of SHORTEST to LONGEST characters."""
    letters = np.frombuffer(plain.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    hashes, run = [], letters
    for length in range(SHORTEST, LONGEST + 1):
        if len(letters) < length:
            break
        run = (run[: len(letters) - length + 1] * _PRIME) ^ letters[length - 1 :]
        hashes.append(run * _GOLDEN + np.uint64(length))
    return np.concatenate(hashes) if hashes else np.zeros(0, np.uint64)


def _words(plain: str) -> Hashes:
    """Hashes of all words, and of all pairs of neighbours."""
    words = np.array([zlib.crc32(word.encode("utf-8", "replace")) for word in _WORD.findall(plain)], dtype=np.uint64)
    pairs = words[:-1] * np.uint64(31) + words[1:]
    return np.concatenate([words * _GOLDEN + np.uint64(11), pairs * _GOLDEN + np.uint64(12)])


def _folded(hashes: Hashes) -> Grams:
    mixed = (hashes ^ (hashes >> np.uint64(29))) * _MIX
    signs = ((mixed >> np.uint64(20)) & np.uint64(1)).astype(np.float32) * 2 - 1
    columns, places = np.unique((mixed >> np.uint64(64 - BITS)).astype(np.int64), return_inverse=True)
    counts = np.zeros(len(columns), np.float32)
    np.add.at(counts, places, signs)
    kept = counts != 0
    counts = counts[kept]
    return Grams(columns[kept], np.sign(counts) * (1 + np.log(np.abs(counts))))
