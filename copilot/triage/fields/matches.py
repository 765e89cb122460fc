"""A value that stands in a text, before it is known which field and which source it is for.

Invariant: `text[start:end]` is what was read; nothing is a match that is not written there.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

NEAR = 48  # characters in front of a value in which the word that calls it stands
SURE, LIKELY, POSSIBLE, DOUBTFUL = 0.95, 0.8, 0.6, 0.4


class Match(NamedTuple):
    """Characters `start` to `end` hold `value`, with so much confidence; `problem` is the rule it breaks."""

    value: str
    start: int
    end: int
    confidence: float
    problem: str = ""


def folded(text: str) -> str:
    """`text` in small letters without accents, each character where it was."""
    if text.isascii():
        return text.lower()
    return "".join(_plain(character) for character in text)


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """One character for one: what would become two (ß, ligatures) stays."""
    plain = [piece for piece in unicodedata.normalize("NFKD", character.lower()) if not unicodedata.combining(piece)]
    return plain[0] if len(plain) == 1 else character


@lru_cache(maxsize=256)
def one_of(words: Sequence[str]) -> re.Pattern[str]:
    """Any of `words` as whole words, longest first; for folded text. Space between words may be any."""
    parts = sorted({folded(word.strip()) for word in words if word.strip()}, key=len, reverse=True)
    spaced = (r"\s+".join(map(re.escape, part.split())) for part in parts)
    return re.compile(rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)") if parts else re.compile(r"(?!)")


def is_called(text: str, start: int, words: Sequence[str]) -> bool:
    """Whether one of `words` stands in front of `start`, on the same line."""
    before = text[max(0, start - NEAR) : start].rpartition("\n")[2]
    return bool(words) and one_of(tuple(words)).search(folded(before)) is not None
