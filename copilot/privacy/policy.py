"""What an administrator decides about redaction: optional kinds, patterns of their own, values that stay readable.

Invariant: a policy can only add masks, or take away those whose whole value it allows. A pattern that runs out of time
hides more, never less: what it did not reach is masked, so nothing that it should have hidden reaches a model, and
`restore` still gives the text back.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Final

import regex

from copilot.privacy.spans import OPTIONAL, Span

SECONDS: Final = 0.25  # for one pattern on one text
MAX_LENGTH: Final = 500  # characters of a pattern


class BadPolicy(ValueError):
    """A policy that cannot be used; the message says why, for the administrator who wrote it."""


@dataclass(frozen=True)
class Pattern:
    """An expression of the `regex` library, capitals aside. Its first group is masked where it has one, else all of it.

    Raises BadPolicy when it is too long, does not compile, or matches the empty text.
    """

    name: str
    expression: str

    def __post_init__(self) -> None:
        if len(self.expression) > MAX_LENGTH:
            raise BadPolicy(f"{self.name}: longer than {MAX_LENGTH} characters")
        try:
            matches_nothing = _compiled(self.expression).match("", timeout=SECONDS) is not None
        except TimeoutError as error:
            raise BadPolicy(f"{self.name}: takes too long") from error
        except (regex.error, OverflowError, RecursionError) as error:
            raise BadPolicy(f"{self.name}: {error}") from error
        if matches_nothing:
            raise BadPolicy(f"{self.name}: matches the empty text")


@dataclass(frozen=True)
class Policy:
    """Which of OPTIONAL are masked, whose patterns are too, and what is `allowed` to stay.

    `allowed` are whole values: a product called Amex, the desk's own telephone number; "@example.com" is every address
    there. Capitals, spaces and the signs between digits do not matter. `late` is called with the name of a pattern
    that ran out of time, so that the administrator can be told; it is given no text. Raises BadPolicy.
    """

    optional: frozenset[str] = frozenset()
    patterns: tuple[Pattern, ...] = ()
    allowed: tuple[str, ...] = ()
    late: Callable[[str], None] | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if unknown := self.optional - OPTIONAL:
            raise BadPolicy(f"not an optional kind: {', '.join(sorted(unknown))}")

    def custom(self, text: str) -> Iterator[Span]:
        """What the patterns find, and all that one which ran out of time has not reached."""
        for pattern in self.patterns:
            yield from self._matches(pattern, text)

    def _matches(self, pattern: Pattern, text: str) -> Iterator[Span]:
        reached = 0
        try:
            for match in _compiled(pattern.expression).finditer(text, timeout=SECONDS):
                reached = match.end()
                group = 1 if match.re.groups and match[1] else 0
                if match[group].strip():
                    yield Span(match.start(group), match.end(group), "CUSTOM")
        except TimeoutError:
            if self.late:
                self.late(pattern.name)
            if reached < len(text):
                yield Span(reached, len(text), "CUSTOM")

    def without_allowed(self, text: str, spans: Iterable[Span]) -> Iterator[Span]:
        """`spans` but those whose value is allowed."""
        if not self._allowed:
            yield from spans
            return
        for span in spans:
            value = _plain(text[span.start : span.end])
            domain = value[value.rfind("@") :] if span.kind == "EMAIL" else ""
            if value not in self._allowed and (not domain or domain not in self._allowed):
                yield span

    @cached_property
    def _allowed(self) -> frozenset[str]:
        return frozenset(filter(None, map(_plain, self.allowed)))


DEFAULT: Final = Policy()


def _plain(value: str) -> str:
    """Without capitals and spaces; a number without the signs between its digits."""
    plain = "".join(value.casefold().split())
    digits = re.sub(r"[().+/-]", "", plain)
    return digits if digits.isdecimal() else plain


@lru_cache(maxsize=256)
def _compiled(expression: str) -> Any:
    return regex.compile(expression, regex.IGNORECASE)
