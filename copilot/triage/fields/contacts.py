"""E-mail addresses, telephone numbers and IBANs: found by the privacy room's detectors, and checked.

Invariant: what the redaction hides is what is found here, and the other way round.
"""

import re
from collections.abc import Iterator
from typing import Final

import phonenumbers
from stdnum import iban

from copilot.privacy import detectors
from copilot.privacy import phones as telephones
from copilot.triage.fields import references
from copilot.triage.fields.matches import DOUBTFUL, LIKELY, POSSIBLE, SURE, Match, is_called
from copilot.triage.fields.types import Wanted

CHECKSUM: Final = "checksum"
_REGIONS: Final = {"fr": ("FR", "BE", "CH"), "de": ("DE", "AT", "CH"), "en": ("GB", "US")}
_NO_PHONE: Final = (*references.ORDER, *references.INVOICE)
_CALLED_IBAN = re.compile(r"\bIBAN\b[\s:.#-]{0,120}+([A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]{2,4}){3,8}\b)", re.IGNORECASE)


def emails(text: str, wanted: Wanted, language: str) -> Iterator[Match]:
    """Addresses, in small letters."""
    for span in detectors.emails(text):
        called = is_called(text, span.start, wanted.words)
        yield Match(text[span.start : span.end].lower(), span.start, span.end, SURE if called else LIKELY)


def phones(text: str, wanted: Wanted, language: str) -> Iterator[Match]:
    """Numbers in E.164 where a country has them; as they stand, with a problem, where none does."""
    taken = [(span.start, span.end) for span in detectors.ibans(text)]
    taken += [(match.start, match.end) for match in references.called(text, wanted, _NO_PHONE)]
    seen: set[tuple[int, int]] = set()
    for span in telephones.phones(text):
        here = (span.start, span.end)
        if here in seen or any(start < span.end and span.start < end for start, end in taken):
            continue
        seen.add(here)
        value = _e164(text[span.start : span.end], language)
        called = is_called(text, span.start, wanted.words)
        digits = "".join(filter(str.isdecimal, text[span.start : span.end]))
        confidence = (SURE if called else LIKELY) if value else POSSIBLE
        yield Match(value or digits, *here, confidence, "" if value else "format")


def _e164(written: str, language: str) -> str:
    for region in _REGIONS.get(language, ("FR", "GB", "US", "DE")):
        try:
            parsed = phonenumbers.parse(written, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return ""


def ibans(text: str, wanted: Wanted, language: str) -> Iterator[Match]:
    """Account numbers whose check digits hold; where one is called IBAN, with a problem if they do not."""
    good = []
    for span in detectors.ibans(text):
        good.append((span.start, span.end))
        yield Match(_compact(text[span.start : span.end]), span.start, span.end, SURE)
    for match in _CALLED_IBAN.finditer(text):
        start, end = match.span(1)
        if not any(first < end and start < last for first, last in good):
            end = start + _country_length(text[start:end])
            yield Match(_compact(text[start:end]), start, end, DOUBTFUL, CHECKSUM)


def _country_length(written: str) -> int:
    """How many characters of `written` are the number, by the longest stretch that its country's format takes."""
    ends = [group.end() for group in re.finditer(r"[A-Za-z0-9]+", written)]
    for end in reversed(ends):
        if _has_format(_compact(written[:end])):
            return end
    return len(written)


def _has_format(number: str) -> bool:
    try:
        iban.validate(number, check_country=False)
    except iban.InvalidChecksum:  # the format is checked after the digits, so try digits that hold
        right = iban.calc_check_digits(number)
        return bool(iban.is_valid(number[:2] + right + number[4:], check_country=False))
    except iban.ValidationError:
        return False
    return True


def _compact(written: str) -> str:
    return "".join(filter(str.isalnum, written)).upper()
