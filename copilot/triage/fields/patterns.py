"""Patterns that an administrator wrote. Invariant: none may run away; each has a fraction of a second for a text."""

from collections.abc import Iterator
from typing import Any, Final

import regex

from copilot.triage.fields.matches import LIKELY, Match
from copilot.triage.fields.types import Wanted

SECONDS: Final = 0.2
MAX_LENGTH: Final = 500  # characters of a pattern
_MOST = 50  # matches


class BadPattern(ValueError):
    """A pattern that cannot be used; the message says why, for the administrator who wrote it."""


def check(pattern: str) -> None:
    """Raises BadPattern for one that is too long, does not compile, or matches nothing at all."""
    if len(pattern) > MAX_LENGTH:
        raise BadPattern(f"longer than {MAX_LENGTH} characters")
    if _compiled(pattern).match("") is not None:
        raise BadPattern("matches the empty text")


def _compiled(pattern: str) -> Any:
    try:
        return regex.compile(pattern, regex.IGNORECASE)
    except (regex.error, OverflowError, RecursionError) as error:
        raise BadPattern(str(error)) from error


def find(text: str, wanted: Wanted, language: str) -> Iterator[Match]:
    """What fits the field's pattern: its first group, or all of it."""
    yield from matches(text, wanted.pattern)


def matches(text: str, pattern: str) -> list[Match]:
    """Nothing for a pattern that cannot be used, and what was found until then for one that takes too long."""
    found: list[Match] = []
    try:
        check(pattern)
        for match in _compiled(pattern).finditer(text, timeout=SECONDS):
            group = 1 if match.re.groups and match[1] else 0
            if match[group].strip():
                found.append(Match(match[group].strip(), match.start(group), match.end(group), LIKELY))
            if len(found) == _MOST:
                break
    except (BadPattern, TimeoutError):
        pass
    return found
