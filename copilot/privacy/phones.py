"""Phone numbers, by Google's libphonenumber and by what the text calls them.

Invariant: a number that the text calls an order, a ticket or an account is not a phone, unless it is written like one.
"""

import re
from collections.abc import Iterator

from phonenumbers import Leniency, PhoneNumberMatcher

from copilot.privacy.spans import Span

REGIONS = ("FR", "GB", "US")  # numbers written without a country code are read as one of these
_LOOK_BACK = 40
_REFERENCE = re.compile(
    r"(?:#|n°|\b(?:order|commande|ref|réf|reference|référence|ticket|case|dossier|invoice|facture|tracking|suivi|colis|client"
    r"|customer|account|compte|contract|contrat|serial|série|sku|id))"
    r"(?:\s+(?:number|num|numéro|no|nr|id))?[\s:.#°=(-]*(?:is|est)?\s*$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w.+-])\+?\(?\d[\d ().\u00a0\u202f-]{4,20}\d(?:\s?(?:x|ext\.?|poste)\s?\d{1,6})?(?!\w)")
# Ten digits in pairs is how a French number is written, and nothing else is, even where no operator has the number.
_FRENCH = re.compile(
    r"(?<![\w.,+-])(?:\+33[ .\u00a0\u202f-]?|0033[ .\u00a0\u202f-]?|0)[1-9](?:[ .\u00a0\u202f-]\d\d){4}(?![\w-])"
)
# As North Americans write them, also where no operator has the number: 3-3-4, the first three perhaps in parentheses.
_AMERICAN = re.compile(
    r"(?<![\w.,+-])(?<!\d )(?:(?:\+|00)\d{1,3}[ .-]?)?"
    r"(?:\(\d{3}\) ?\d{3}[ .-]\d{4}|\d{3}(?P<gap>[ .-])\d{3}(?P=gap)\d{4})"
    r"(?:\s?(?:x|ext\.?|poste)\s?\d{1,6})?(?![\w-]|\.\d| \d{3})",
    re.IGNORECASE,
)
_RUN = re.compile(r"[+(\[]?\d(?:[\d\s()\[\]+./~\u2010-\u2015\u00ad\u2212\u00d7-]{0,60}\d)+")
_LEAST = 7  # digits; no country's numbers are shorter with what the library asks for
_BESIDE = 12  # characters: an extension, and what tells a number from a part of a word
_IN_A_WORD = re.compile(r"[^\W\d]/$")  # Chrome/85.0.4183.121
_PHONE_BEFORE = re.compile(
    r"\b(?:phone|telephone|téléphone|tel|tél|ph|mobile|cell|fax|whatsapp|sms|call(?:ing|ed)?|dial|reach|ring|answering"
    r"|contact (?:no|number)|my number|appel\w*|joindre|joignable|rappel\w*|mon numéro)\b[^\n\d]{0,20}$",
    re.IGNORECASE,
)
_PHONE_AFTER = re.compile(r"[ -]{1,3}(?:office|fax|mobile|phone|cell|home|bureau|portable|domicile)\b", re.IGNORECASE)
_DATE = re.compile(r"(?<!\d)(?:(?:19|20)\d\d[-.]\d{1,2}[-.]\d{1,2}|\d{1,2}[-.]\d{1,2}[-.](?:19|20)\d\d)(?!\d)")


def phones(text: str) -> Iterator[Span]:
    """Numbers valid in REGIONS or with a country code, written the French way, or called a phone by the text."""
    for start, end in _runs(text):
        yield from _by_library(text, start, end)
    for number in _FRENCH.finditer(text):
        yield Span(*number.span(), "PHONE")
    for number in _AMERICAN.finditer(text):
        if not _stands_before(_REFERENCE, text, number.start()):
            yield Span(*number.span(), "PHONE")
    for number in _NUMBER.finditer(text):
        if _is_called_phone(text, number) and 6 <= sum(map(str.isdigit, number[0])) <= 20:
            yield Span(*number.span(), "PHONE")


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Where enough digits for a number stand near each other: the library reads nothing else."""
    for run in _RUN.finditer(text):
        if sum(map(str.isdigit, run[0])) >= _LEAST:
            yield run.span()


def _by_library(text: str, start: int, end: int) -> Iterator[Span]:
    offset = max(0, start - _BESIDE)
    window = text[offset : end + _BESIDE]
    for region in REGIONS:
        # The library gives up after 65,535 candidates; a long log in front must not hide a number.
        for match in PhoneNumberMatcher(window, region, leniency=Leniency.VALID, max_tries=len(window) + 1):
            first, last = offset + match.start, offset + match.end
            if match.raw_string.isdecimal() and _stands_before(_REFERENCE, text, first):
                continue
            if not _IN_A_WORD.search(text, max(0, first - 2), first):
                yield Span(first, last, "PHONE")
                if first <= start and last >= end:
                    return  # nothing is left that another region's numbers could add


def _is_called_phone(text: str, number: re.Match[str]) -> bool:
    if _DATE.search(number[0]) or _stands_before(_REFERENCE, text, number.start()):
        return False
    return bool(_PHONE_AFTER.match(text, number.end())) or _stands_before(_PHONE_BEFORE, text, number.start())


def _stands_before(words: re.Pattern[str], text: str, position: int) -> bool:
    return words.search(text, max(0, position - _LOOK_BACK), position) is not None
