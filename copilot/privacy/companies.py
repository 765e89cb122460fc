"""French companies' numbers (SIREN, SIRET, RCS, VAT) and banks' (BIC).

Invariant: nine digits are a company's only where the text says so, and eight letters a bank's only beside the word or
an IBAN: both look like order numbers and shouted words.
"""

import re
from collections.abc import Iterator
from typing import Final

from stdnum import bic
from stdnum.fr import tva

from copilot.privacy.context import has_any
from copilot.privacy.spans import Span

_SPACE: Final = r"[ \u00a0\u202f.]?"
_COMPANY = re.compile(
    rf"\b(?:siren|siret|rcs|r\.c\.s)\b[^\d\n]{{0,40}}(?P<value>\d{{3}}{_SPACE}\d{{3}}{_SPACE}\d{{3}}(?:{_SPACE}\d{{5}})?)(?!\d)",
    re.IGNORECASE,
)
_VAT = re.compile(
    rf"(?<!\w)FR{_SPACE}[A-HJ-NP-Z\d]{{2}}{_SPACE}\d{{3}}{_SPACE}\d{{3}}{_SPACE}\d{{3}}(?!\w)", re.IGNORECASE
)
_BIC = re.compile(r"(?<![\w-])[A-Za-z]{4}[A-Za-z]{2}[A-Za-z0-9]{2}(?:[A-Za-z0-9]{3})?(?![\w-])")
_BEFORE = re.compile(
    r"\b(?:bic|swift)(?:[ /-]?(?:code|bic|swift))?\b[^\w\n]{0,5}(?:(?:is|est|code)\b[^\w\n]{0,4})?$", re.IGNORECASE
)
_IBAN_NEAR = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,8}", re.IGNORECASE)
_NEAR: Final = 60


def companies(text: str) -> Iterator[Span]:
    """SIREN and SIRET numbers that are called so, and French VAT numbers whose key holds."""
    lowered = text.lower()
    if has_any(lowered, ("sire", "rcs", "r.c.s")):
        for match in _COMPANY.finditer(text):
            yield Span(*match.span("value"), "COMPANY")
    if "fr" in lowered:
        for match in _VAT.finditer(text):
            if tva.is_valid("".join(filter(str.isalnum, match[0]))):
                yield Span(*match.span(), "COMPANY")


def bics(text: str) -> Iterator[Span]:
    """Codes of banks behind the word BIC or SWIFT; in capitals, within a line of an IBAN too."""
    lowered = text.lower()
    is_called = has_any(lowered, ("bic", "swift"))
    if not is_called and "iban" not in lowered:
        return
    for match in _BIC.finditer(text):
        start, end = match.span()
        called = _BEFORE.search(text, max(0, start - 30), start) is not None
        near = match[0].isupper() and _IBAN_NEAR.search(text, max(0, start - _NEAR), end + _NEAR) is not None
        if (called or near) and bic.is_valid(match[0]):
            yield Span(start, end, "BIC")
