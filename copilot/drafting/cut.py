"""A sentence that stops before its thought does: the words are the passage's, what they said is not.

Invariant: what the passage's own sentence leaves open too is no sign; titles and list items often are.
"""

import re

_PAIRS = (("(", ")"), ("[", "]"), ("«", "»"), ("“", "”"))
# After these something must follow, in either language.
_LEADS_ON = re.compile(
    r"\b(?:the|a|an|and|or|but|if|when|because|of|than|"
    r"le|la|les|un|une|des|du|de|et|ou|mais|si|quand|car|que)[\s.…]*$",
    re.IGNORECASE,
)


def is_cut(text: str, whole: str) -> bool:
    """Whether `text` leaves a bracket open or ends on a word that leads on, and `whole` does not."""
    if _open(text) and not _open(whole):
        return True
    return bool(_LEADS_ON.search(text)) and not _LEADS_ON.search(whole)


def _open(text: str) -> bool:
    return any(text.count(left) > text.count(right) for left, right in _PAIRS)
