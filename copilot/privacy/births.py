"""Dates of birth, English and French.

Invariant: a date is masked only where the text calls it a birth; other dates are what a ticket is about.
"""

import re
from collections.abc import Iterator
from typing import Final

from copilot.privacy.context import has_any
from copilot.privacy.spans import Span

_CUES: Final = ("birth", "born", "dob", "d.o.b", "né", "naissance", "anniversaire")
_MONTHS: Final = (
    r"(?:jan(?:uary|v(?:ier)?)?|feb(?:ruary)?|f[ée]v(?:r(?:ier)?)?|mar(?:ch|s)?|apr(?:il)?|avr(?:il)?|ma[iy]|june?|juin|"
    r"jul(?:y)?|juil(?:let)?|aug(?:ust)?|ao[uû]t|sep(?:t(?:ember|embre)?)?|oct(?:ober|obre)?|nov(?:ember|embre)?|"
    r"d[eé]c(?:ember|embre)?)\b\.?"
)
_YEAR: Final = r"(?:1[89]|20)\d\d"
_DATE: Final = (
    rf"(?:{_YEAR}\s?[-/.]\s?\d{{1,2}}\s?[-/.]\s?\d{{1,2}}"
    rf"|\d{{1,2}}(?:\s?[-/.]\s?|\s)\d{{1,2}}(?:\s?[-/.]\s?|\s)(?:{_YEAR}|\d\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|e)?[\s.-]{{0,2}}(?:of\s)?{_MONTHS}[\s,.-]{{0,3}}(?:{_YEAR}|['’]?\d\d)?"
    rf"|{_MONTHS}[\s-]{{0,2}}\d{{1,2}}(?:st|nd|rd|th)?(?:[\s,.-]{{0,3}}(?:{_YEAR}|['’]\d\d))?"
    rf"|{_MONTHS}\s{_YEAR}|{_YEAR}\d{{4}}|\d{{4}}{_YEAR}|{_YEAR})(?![\w/]|-\d)"
)
_BIRTH: Final = (
    r"\b(?:dates?[ _-]of[ _-]birth|birth[ _-]?(?:dates?|days?|year)|born|dob|d\.o\.b\.?|birthdays?"
    r"|née?s?(?:\(e\))?|date[ _]de[ _]naissance|naissance|anniversaire)"
)
# "DOB? It's 1/2/80", "born in Paris on 3 May 1980", "née Martin le 3 mai 1980": no digit stands between.
_BEFORE = re.compile(rf"{_BIRTH}(?!\w)[^\d\n]{{0,40}}?(?:\n\s{{0,4}})?(?<![\w/.-])(?P<value>{_DATE})", re.IGNORECASE)
_AFTER = re.compile(
    rf"(?<![\w/.-])(?P<value>{_DATE})[\s,(]{{1,3}}(?:is\s|est\s|as\s)?(?:my\s|ma\s|mon\s|his\s|her\s|the\s|sa\s|son\s)?"
    r"(?:date of birth|birth ?date|birthday|dob|date de naissance|anniversaire)\b",
    re.IGNORECASE,
)


def birth_dates(text: str) -> Iterator[Span]:
    """Dates, months and years that the text calls somebody's birth."""
    if not has_any(text.lower(), _CUES):
        return
    for pattern in (_BEFORE, _AFTER):
        for match in pattern.finditer(text):
            yield Span(*match.span("value"), "BIRTHDATE")
