"""Dates with a year, as English, French and German people write them, to ISO 8601.

Invariant: a date exists in the calendar, and 3/4/2024 is not guessed silently: other dates of the text, or its
language, say whether the day comes first, and where nothing does, the match says "ambiguous-date".
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from copilot.triage.fields.matches import LIKELY, POSSIBLE, SURE, Match, folded, is_called
from copilot.triage.fields.types import Wanted

AMBIGUOUS: Final = "ambiguous-date"
# fmt: off
_MONTHS: Final = {
    name: number
    for number, names in enumerate([
        "january janvier januar janner jan janv", "february fevrier februar feb fev fevr",
        "march mars marz maerz mar mrz", "april avril apr avr", "may mai", "june juin juni jun",
        "july juillet juli jul juil", "august aout aug", "september septembre sep sept",
        "october octobre oktober oct okt", "november novembre nov", "december decembre dezember dec dez",
    ], 1)
    for name in names.split()
}
# fmt: on
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ISO = re.compile(r"(?<![\w/.-])(?P<y>(?:19|20)\d\d)(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?![\d/-]|\.\d)")
_NUMERIC = re.compile(
    r"(?<![\w/.-])(?P<a>\d{1,2})\s?(?P<sep>[-/.])\s?(?P<b>\d{1,2})\s?(?P=sep)\s?(?P<y>(?:19|20)\d\d|\d\d)(?![\d/-]|\.\d)"
)
_DAY_MONTH = re.compile(
    rf"(?<![\w.,/])(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|\.)?[\s-]*(?:of\s+)?(?P<name>{_MONTH})\b[.,]?[\s-]*(?P<y>(?:19|20)\d\d)(?!\d)"
)
_MONTH_DAY = re.compile(
    rf"\b(?P<name>{_MONTH})\b\.?\s*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s*(?P<y>(?:19|20)\d\d)(?!\d)"
)
_MONTH_FIRST_SIGNS = re.compile(r"(?<![A-Za-z])(?:US)?\$\s?\d|\bUSD\b|\bzip code\b", re.IGNORECASE)


class Order(NamedTuple):
    """Whether the day comes before the month, and whether that is known or supposed."""

    day_first: bool
    is_known: bool


def order_in(text: str, language: str) -> Order:
    """By a date of the text that can be read in one way only, or by the customs of its language and currency."""
    votes = 0
    for match in _NUMERIC.finditer(text):
        first, second = int(match["a"]), int(match["b"])
        if match["sep"] == ".":
            continue  # with full stops the day is first, in every language
        votes += (first > 12 >= second) - (second > 12 >= first)
    if votes:
        return Order(votes > 0, True)
    if language != "en":
        return Order(True, True)
    return Order(not _MONTH_FIRST_SIGNS.search(text), False)


def all_in(text: str, order: Order) -> list[Match]:
    """Every date in `text`, in order."""
    plain = folded(text)
    found = [*_spelt(plain), *_written_iso(plain), *_numeric(plain, order)]
    return sorted(found, key=lambda match: (match.start, -match.end))


def find(text: str, wanted: Wanted, language: str) -> Iterator[Match]:
    """Dates; those that one of the field's words calls first."""
    for match in all_in(text, order_in(text, language)):
        called = is_called(text, match.start, wanted.words)
        confidence = SURE if called else LIKELY if not wanted.words else POSSIBLE
        yield match._replace(confidence=min(confidence, match.confidence))


def _spelt(text: str) -> Iterator[Match]:
    for pattern in (_DAY_MONTH, _MONTH_DAY):
        for match in pattern.finditer(text):
            yield from _dated(match, int(match["y"]), _MONTHS[match["name"]], int(match["d"]))


def _written_iso(text: str) -> Iterator[Match]:
    for match in _ISO.finditer(text):
        yield from _dated(match, int(match["y"]), int(match["m"]), int(match["d"]))


def _numeric(text: str, order: Order) -> Iterator[Match]:
    for match in _NUMERIC.finditer(text):
        first, second, year = int(match["a"]), int(match["b"]), int(match["y"])
        year += 0 if year > 99 else 2000 if year < 70 else 1900
        day_first = order.day_first or match["sep"] == "."
        if second > 12 >= first:
            day_first = False
        elif first > 12:
            day_first = True
        day, month = (first, second) if day_first else (second, first)
        clear = order.is_known or match["sep"] == "." or first == second or max(first, second) > 12
        yield from _dated(match, year, month, day, "" if clear else AMBIGUOUS)


def _dated(match: re.Match[str], year: int, month: int, day: int, problem: str = "") -> Iterator[Match]:
    try:
        value = date(year, month, day).isoformat()
    except ValueError:
        return
    yield Match(value, *match.span(), POSSIBLE if problem else SURE, problem)
