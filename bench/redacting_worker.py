"""What each process of `redacting` does. Invariant: it imports no Django, which a new process would have to set up."""

from collections.abc import Sequence
from functools import cache

from copilot.privacy import redaction
from evaluation.masking.rivals import rivals
from evaluation.masking.scores import Find


def redact(way: str, share: Sequence[str]) -> int:
    """Redacts every text of `share`; how many letters or masks came out."""
    if way == "ours":
        return sum(len(redaction.redact(text).text) for text in share)
    find = _rival(way)
    return sum(len(find(text)) for text in share)


@cache
def _rival(way: str) -> Find:
    return rivals()[0][way]
