"""Where private values stand in a text.

Invariant: merged spans are in order, never overlap, and together cover every character that any detector marked.
"""

from collections.abc import Iterable
from typing import NamedTuple

# On equal length the kind named first wins. TEXT is what already looked like a placeholder when it came in; HIDDEN is
# what an agent marked in one ticket; CUSTOM is what an administrator's pattern found; IDNUMBER is a person's official
# number (NIR, SSN, passport, driving licence); COMPANY is a company's (SIREN, SIRET); NUMBER is one that is all of a
# message. A kind is letters alone.
KINDS = (
    "TEXT", "HIDDEN", "CUSTOM", "SECRET", "URL", "EMAIL", "IBAN", "BIC", "IDNUMBER", "COMPANY", "CARD", "BIRTHDATE",
    "IP", "PHONE", "USERNAME", "ACCOUNT", "ORDER", "ADDRESS", "PERSON", "NUMBER",
)  # fmt: skip
HIDDEN = "HIDDEN"
# Masked only where an administrator asks for it: answers often need them.
OPTIONAL = frozenset(["ACCOUNT", "ORDER"])


class Span(NamedTuple):
    """Characters `start` to `end` (exclusive) hold a value of `kind`, one of KINDS."""

    start: int
    end: int
    kind: str


def merge(spans: Iterable[Span]) -> list[Span]:
    """Overlapping spans become one over all their characters, of the kind of the longest; O(n log n)."""
    merged: list[Span] = []
    longest = 0  # of the spans inside merged[-1]
    for span in sorted(spans, key=lambda span: (span.start, -span.end, KINDS.index(span.kind))):
        length = span.end - span.start
        if not merged or span.start >= merged[-1].end:
            merged.append(span)
            longest = length
            continue
        last = merged[-1]
        kind = _winner(last.kind, longest, span.kind, length)
        merged[-1] = Span(last.start, max(last.end, span.end), kind)
        longest = max(longest, length)
    return merged


def _winner(kind: str, length: int, other: str, other_length: int) -> str:
    if length == other_length:
        return min(kind, other, key=KINDS.index)
    return kind if length > other_length else other
