"""How soon somebody must look at a ticket.

Invariant: a cue counts only where it is not negated ("not urgent", "pas urgent"), and a cue of urgency outweighs any
cue of patience.

A list of cues rather than a model: an agent can see why, and nobody has labelled urgency.
"""

import re
from typing import Literal

from copilot.triage.cues import BUT, HIGH, LOW, THANKS
from copilot.triage.matching import any_of, is_shouted, plain_of, prose_of, said

Urgency = Literal["low", "normal", "high"]

_THANKS_LONGEST = 12  # words; longer messages say more than thanks


def urgency(text: str, language: str) -> Urgency:
    """How soon the ticket with this text needs an agent; `language` is "en" or "fr", others are read as English."""
    language = language if language in HIGH else "en"
    prose = prose_of(text)
    plain = plain_of(prose)
    if said(HIGH[language], plain, language):
        return "high"
    if any_of(LOW[language]).search(plain) or _is_only_thanks(plain, language):
        return "low"
    return "high" if is_shouted(prose) else "normal"


def _is_only_thanks(plain: str, language: str) -> bool:
    if "?" in plain or len(plain.split()) > _THANKS_LONGEST:
        return False
    return bool(any_of(THANKS[language]).match(plain.lstrip(" ,.!-"))) and not re.search(BUT[language], plain)
