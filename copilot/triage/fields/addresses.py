"""Postal addresses: a street with a number, and what follows it up to the place.

Invariant: without a street's name and number there is no address; a town alone is none.
"""

import re
from collections.abc import Iterator
from typing import Final

from copilot.triage.fields.matches import LIKELY, POSSIBLE, Match, is_called
from copilot.triage.fields.types import Wanted

_WORD: Final = r"[^\W\d_][\w'’.-]{0,40}"  # bounded: a log may be one long word
_TOWN: Final = r"(?:S(?:t|te)\. )?[A-ZÀ-Þ][\w'’-]{1,40}"
_NO_PLACE: Final = r"(?:and|is|my|the|phone|ph|mobile|number|contact|please|for|with|et|mon|und|ist)\b"
_ENGLISH: Final = (
    r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|way|court|ct|place|pl|square|sq|terrace|crescent"
    r"|close|circle|highway|hwy|parkway|pkwy)"
)
_FRENCH: Final = (
    r"(?:rue|avenue|av\.|boulevard|bd|chemin|place|impasse|all[ée]e|route|quai|cours|square|passage|faubourg)"
)
_GERMAN: Final = (
    r"(?:[^\W\d_][\w-]{0,40}(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|ring|damm|ufer)"
    r"|(?:am|an der|im|zum|zur)\s[^\W\d_]\w{1,40})"
)
_NUMBER: Final = r"(?:no\.?\s|n°\s?)?\d{1,5}\s?(?:bis|ter|quater|[a-d](?!\w))?"
_STREET = re.compile(
    rf"(?<![\w])(?:{_NUMBER},?\s(?:{_WORD}\s){{1,4}}?{_ENGLISH}\b\.?"
    rf"|{_NUMBER},?\s{_FRENCH}(?:\s{_WORD}){{1,5}}?(?=\s*[,\n]|\s+\d|\s*$|\s*[.;])"
    rf"|{_GERMAN}\s\d{{1,4}}\s?[a-z]?\b)",
    re.IGNORECASE,
)
# Parts behind the street, each with a comma, a line's end or a space in front: a flat, a postcode, a town, a state.
_PLACE = re.compile(
    rf"(?:(?:, ?|,?\r?\n {{0,100}}+| )(?:(?:apt|apartment|flat|suite|unit|appt|bât)\.? ?\w{{1,6}}"
    rf"|(?:[A-Z]{{1,2}}-)?\d{{4,5}}(?:-\d{{4}})?(?: {_TOWN}){{1,4}}|{_TOWN}(?: {_TOWN}){{0,2}}"
    rf"|[A-Z]{{1,2}}\d[A-Z\d]? ?\d[A-Z]{{2}}|[A-Z]{{2}}(?: \d{{5}})?|\d{{4,6}})(?!\w)){{1,4}}"
)
# The same where nobody types a capital: up to four words and a postcode.
_PLAIN_PLACE = re.compile(
    r"(?:(?:,? |,?\r?\n)(?:apt|apartment|flat|suite|unit)\.? ?\w{1,6})?"
    rf"(?:,? (?!{_NO_PLACE})[^\W\d_]{{2,}}){{0,4}}(?:,? \d{{4,6}})?"
)
_ADDRESS_WORDS: Final = ("address", "adresse", "anschrift", "live at", "ship to", "deliver to", "livraison", "habite")


def find(text: str, wanted: Wanted, language: str) -> Iterator[Match]:
    """Streets with the place that follows them, on one line or the next."""
    has_capitals = text.lower() != text
    for match in _STREET.finditer(text):
        place = (_PLACE if has_capitals else _PLAIN_PLACE).match(text, match.end())
        end = place.end() if place else match.end()
        called = is_called(text, match.start(), wanted.words or _ADDRESS_WORDS)
        confidence = LIKELY if (place and place[0]) or called else POSSIBLE
        end = match.start() + len(text[match.start() : end].rstrip(".,; \n"))
        yield Match(" ".join(text[match.start() : end].split()), match.start(), end, confidence)
