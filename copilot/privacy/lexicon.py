"""What is known of a word before any text is read: is it an everyday word, a name, a place.

Invariant: words are folded (`tokens.fold`); the lexicon comes with the tagger's weights and never learns from a text.
"""

from collections.abc import Iterable, Mapping
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray


class Known(IntFlag):
    """What a folded word may be; several may hold."""

    FIRST = 1  # a first name
    LAST = 2  # a family name
    PLACE = 4  # a city, a region or a country
    COMMON = 8  # seen in ordinary text
    FREQUENT = 16  # often
    PROPER = 32  # mostly with a capital in the middle of a sentence, without being a name: a product, a firm


Lexicon = Mapping[str, int]
# What the tagger's signs see of a word, by its flags: short, since it becomes a part of many of them.
CODES = tuple(
    ("", "F", "L", "B")[flags & 3]
    + ("p" if flags & Known.PLACE else "")
    + ("C" if flags & Known.FREQUENT else "c" if flags & Known.COMMON else "")
    + ("r" if flags & Known.PROPER else "")
    for flags in range(64)
)


def packed(lexicon: Lexicon) -> dict[str, NDArray[np.uint8]]:
    """The lexicon as two arrays for a file."""
    words = sorted(lexicon)
    flags = np.array([lexicon[word] for word in words], dtype=np.uint8)
    return {"words": lines_as_bytes(words), "flags": flags}


def unpacked(words: NDArray[np.uint8], flags: NDArray[np.uint8]) -> dict[str, int]:
    """What `packed` made. Raises ValueError when the two arrays do not belong together."""
    return dict(zip(bytes_as_lines(words), flags.tolist(), strict=True))


def lines_as_bytes(lines: Iterable[str]) -> NDArray[np.uint8]:
    """Texts without line breaks as one array."""
    return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)


def bytes_as_lines(array: NDArray[np.uint8]) -> list[str]:
    """What `lines_as_bytes` made; UnicodeDecodeError is a ValueError."""
    return array.tobytes().decode().split("\n")
