"""How soon somebody must look at a ticket.

Invariant: a cue counts only where it is not negated ("not urgent", "pas urgent"), and a cue of urgency outweighs any
cue of patience.

A list of cues rather than a model: an agent can see why, and nobody has labelled urgency.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from copilot.privacy.text import PLACEHOLDER
from copilot.triage.cues import BUT, HIGH, LOW, NEGATION, THANKS

Urgency = Literal["low", "normal", "high"]

_THANKS_LONGEST = 12  # words; longer messages say more than thanks
_SHOUTED = 0.7  # share of capitals among the letters
_SHOUTED_LETTERS = 20  # fewer capitals may be a product name


def urgency(text: str, language: str) -> Urgency:
    """How soon the ticket with this text needs an agent; `language` is "en" or "fr", others are read as English."""
    language = language if language in HIGH else "en"
    prose = PLACEHOLDER.sub(" ", text)
    plain = " ".join(prose.replace("’", "'").lower().split())
    if _is_pressing(plain, language):
        return "high"
    if _any_of(LOW[language]).search(plain) or _is_only_thanks(plain, language):
        return "low"
    return "high" if _is_shouted(prose) else "normal"


@lru_cache(maxsize=8)
def _any_of(cues: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(cues)})\b")


def _is_pressing(plain: str, language: str) -> bool:
    """Whether a cue of urgency stands in `plain` with no negation right before it."""
    negated = re.compile(rf"{NEGATION[language]}[ -]?$")
    cues = _any_of(HIGH[language]).finditer(plain)
    return any(not negated.search(plain, max(0, cue.start() - 40), cue.start()) for cue in cues)


def _is_only_thanks(plain: str, language: str) -> bool:
    if "?" in plain or len(plain.split()) > _THANKS_LONGEST:
        return False
    return bool(_any_of(THANKS[language]).match(plain.lstrip(" ,.!-"))) and not re.search(BUT[language], plain)


def _is_shouted(prose: str) -> bool:
    """Mostly capitals, or three exclamation or question marks in a row."""
    letters = [character for character in prose if character.isalpha()]
    if len(letters) < _SHOUTED_LETTERS:
        return False
    return sum(map(str.isupper, letters)) >= _SHOUTED * len(letters) or "!!!" in prose or "???" in prose
