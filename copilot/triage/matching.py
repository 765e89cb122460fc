"""Whether a list of cues speaks in a text.

Invariant: a cue with a negation right before it ("not urgent", "pas déçue") does not count.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from copilot.privacy.text import PLACEHOLDER
from copilot.triage.cues import NEGATION


def prose_of(text: str) -> str:
    """The text without placeholders, which are nobody's words."""
    return PLACEHOLDER.sub(" ", text)


def plain_of(prose: str) -> str:
    """Lower case, straight apostrophes, single spaces: what cues are written for."""
    return " ".join(prose.replace("’", "'").lower().split())


@lru_cache(maxsize=16)
def any_of(cues: Sequence[str]) -> re.Pattern[str]:
    """One expression for all the cues, as whole words."""
    return re.compile(rf"\b(?:{'|'.join(cues)})\b")


def said(cues: Sequence[str], plain: str, language: str) -> int:
    """How often a cue stands in `plain` with no negation right before it."""
    negated = re.compile(rf"{NEGATION[language]}[ -]?$")
    found = any_of(cues).finditer(plain)
    return sum(not negated.search(plain, max(0, cue.start() - 40), cue.start()) for cue in found)


def is_shouted(prose: str) -> bool:
    """Mostly capitals, or three exclamation or question marks in a row."""
    letters = [character for character in prose if character.isalpha()]
    if len(letters) < _SHOUTED_LETTERS:
        return False
    return sum(map(str.isupper, letters)) >= _SHOUTED * len(letters) or "!!!" in prose or "???" in prose


_SHOUTED = 0.7  # share of capitals among the letters
_SHOUTED_LETTERS = 20  # fewer capitals may be a product name
