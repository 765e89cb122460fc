"""What a text calls a value: "SSN: 123", "mot de passe : x", "my login is y".

Invariant: a call is found from its words onwards, with a bounded gap, so that searching is linear; and a text without
any of a detector's cues costs one look for each cue.
"""

import re
from collections.abc import Sequence
from typing import Final

# "number", "no.", "n°": what may stand between a name and its value.
NUMBER: Final = r"(?:[\s_.-]{0,2}(?:(?:numbers?|num|no|nr|nbr|id|numéros?|numero|code|digits?)\b\.?|n[°º])|\s?#)?"


def any_of(*expressions: str) -> str:
    """A group that fits any of `expressions`."""
    return f"(?:{'|'.join(expressions)})"


def has_any(lowered: str, cues: Sequence[str]) -> bool:
    """Whether one of `cues`, in small letters, stands in `lowered`."""
    return any(cue in lowered for cue in cues)


def is_after(words: re.Pattern[str], text: str, position: int, reach: int) -> bool:
    """Whether `words`, which ends in `$`, fits what stands in the `reach` characters before `position`."""
    return words.search(text, max(0, position - reach), position) is not None
