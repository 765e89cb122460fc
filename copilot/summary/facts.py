"""What can be looked up or reckoned with: references, error codes, versions, amounts, dates, times.

Invariant: a fact is characters of the message, with up to three words before it that say what it is; it never cuts a
placeholder, and never holds more of one than a whole.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from copilot.language.unchanged import bare
from copilot.language.words import STOP_WORDS, fold
from copilot.privacy.text import PLACEHOLDER

_MONTHS = (
    r"(?:jan(?:uary|vier)?|feb(?:ruary)?|f[ée]v(?:rier|r)?|mar(?:ch|s)|apr(?:il)?|avr(?:il)?|may|mai|june?|juin|"
    r"july?|"
    r"juil(?:let)?|aug(?:ust)?|ao[uû]t|sept?(?:ember|embre)?|oct(?:ober|obre)?|nov(?:ember|embre)?|"
    r"d[eé]c(?:ember|embre)?)"
)
_DAYS = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche)"
_RELATIVE = (
    r"(?:yesterday|this|last|hier|ce|cette)(?: (?:morning|evening|night|afternoon|week|month|soir|matin|"
    r"après-midi|semaine))|"
    r"yesterday|hier|(?:la )?semaine dernière|(?:le )?mois dernier"
)
_NUMBER = r"\d+(?:[ \u00a0\u202f]\d{3}\b)*(?:[.,]\d+)*"
_WRITTEN = (
    r"two|three|four|five|six|seven|eight|nine|ten|twelve|deux|trois|quatre|cinq|sept|huit|neuf|dix|douze|une|an?"
)
_UNITS = (
    r"seconds?|minutes?|hours?|days?|weeks?|months?|years?|times|miles|users?|employees|outages|secondes?|"
    r"heures?|jours?|"
    r"semaines?|mois|ans?|fois|kilomètres|km|utilisateurs|comptes|°C"
)
_PRODUCTS = (
    r"version|firmware|release|update(?: to)?|mise à jour|v|iOS|iPadOS|Android|Windows|macOS|Chrome|Firefox|"
    r"Safari|Edge|"
    r"Debian|Ubuntu|PHP|Python"
)
# In the order in which they matter: what a longer or earlier pattern has found is not found again.
_KINDS = {
    "reference": r"#\d{3,}|\b[A-Z]{2,5}[- ]?\d{4,}[\w-]*|\b[A-Za-z]{1,5}(?:[-_][A-Z0-9]{2,}){1,4}\b(?<=\d)|"
    r"\b\d{2,4}-\d{3,}\b|\b20\d\d[-/](?:20)?\d\d\b(?!-)|\b\d{6,}\b|"
    r"\b(?=[A-Z0-9-]*\d[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9]{2,}(?:-[A-Z0-9]+)*(?<=.{6})\b|\b[A-Z]{2} \d{3,4}\b",
    "code": r"(?<![/\w])[A-Z]{1,4}[-_]?\d{2,4}\b|\b0x[0-9A-Fa-f]{4,}\b|"
    r"\b(?:HTTP|[Ee]rror|[Ee]rreur|[Cc]ode|[Ss]tatus)(?: code)? ?[:#]? ?\d{2,6}\b|\b[A-Z]{2,}(?:_[A-Z0-9]+)+\b",
    "version": rf"(?<![/\w])(?:{_PRODUCTS})[ -]?v?\d+(?:\.\d+){{0,3}}\b|\b\d+\.\d+\.\d+(?:\.\d+)?\b",
    "amount": rf"[£€$] ?{_NUMBER}|\b{_NUMBER}[ \u00a0\u202f]?(?:€|£|\$|%|(?:euros?|EUR|GBP|USD|pounds?|dollars?)\b)",
    "date": rf"\b(?:{_DAYS},? )?(?:the )?\d{{1,2}}(?:st|nd|rd|th|er)?(?: of)? {_MONTHS}\b(?: \d{{4}}\b)?|"
    rf"\b{_MONTHS} \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? \d{{4}}\b)?|\b{_MONTHS} \d{{4}}\b|"
    r"\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}/\d{1,2}\b|\bthe \d{1,2}(?:st|nd|rd|th)\b|"
    rf"\b(?:since|until|before|by|in|depuis|avant|en|jusqu['’]en|fin) (?:{_MONTHS}(?: \d{{4}})?|(?:19|20)\d\d)\b|"
    rf"\b{_DAYS}(?: (?:morning|evening|night|afternoon|soir|matin))?\b",
    "time": r"\b\d{1,2}:\d\d(?: ?[ap]m)?\b|\b\d{1,2} ?[ap]m\b|\b\d{1,2} ?h(?: ?\d\d)?\b|"
    rf"\b(?:{_NUMBER}|{_WRITTEN}) (?:{_UNITS})(?!\w)|\b(?:{_RELATIVE})\b",
}
_FOUND = {kind: re.compile(pattern, re.IGNORECASE if kind in ("version", "amount", "date", "time") else 0)
          for kind, pattern in _KINDS.items()}  # fmt: skip
WORTH = {kind: 1 - n / 10 for n, kind in enumerate(_KINDS)}
_CLAUSE = re.compile(r"[,;:.!?()\[\]\n–—«»\"“”]|\s-\s|\b(?:and|but|because|et|mais|car)\b", re.IGNORECASE)
_WORDS = re.compile(r"\S+")
BEFORE = 3
# These say what a date or an amount is.
_TELLING = frozenset([
    "after", "apres", "avant", "before", "depuis", "each", "from", "jusqu", "moins", "more", "par", "per", "plus",
    "sans", "since", "under", "until", "by",
])  # fmt: skip
_EVERY_STOP = (STOP_WORDS["en"] | STOP_WORDS["fr"]) - _TELLING


@dataclass(frozen=True, slots=True)
class Fact:
    """Characters `start` to `end`; `value` is the fact without the words before it, folded."""

    kind: str
    value: str
    start: int
    end: int


def facts(text: str, start: int, end: int) -> list[Fact]:
    """The facts between two places of a message, in order."""
    found: list[Fact] = []
    for left, right, kind in sorted(_values(text, start, end)):
        floor = found[-1].end if found else start
        found.append(Fact(kind, _same(kind, text[left:right]), _with_words(text, kind, floor, left), right))
    return found


def _values(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    taken = [match.span() for match in PLACEHOLDER.finditer(text, start, end)]
    for kind, pattern in _FOUND.items():
        for match in pattern.finditer(text, start, end):
            left, right = _trimmed(text, *match.span())
            if right > left and not any(left < b and a < right for a, b in taken):
                taken.append((left, right))
                yield left, right, kind


def _same(kind: str, value: str) -> str:
    """What two ways to write one fact share."""
    number = re.search(_NUMBER, value) if kind == "amount" else None
    return bare(number[0]) if number else " ".join(fold(value).split())


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " ,":
        start += 1
    while end > start and text[end - 1] in " ,":
        end -= 1
    return start, end


def _with_words(text: str, kind: str, floor: int, start: int) -> int:
    """Where the words begin that say what the fact is, of the same clause, no stop word first.

    A date or a time needs but "since" or "until"; a number is nothing without a name.
    """
    floor = max([floor, *(match.end() for match in PLACEHOLDER.finditer(text, floor, start))])
    floor = max([floor, *(match.end() for match in _CLAUSE.finditer(text, floor, start))])
    is_when = kind in ("date", "time")
    most = 2 if is_when else BEFORE
    words = list(_WORDS.finditer(text, floor, start))[-most:]
    while words and not _tells(words[0][0], is_when=is_when):
        words.pop(0)
    return words[0].start() if words else start


def _tells(word: str, *, is_when: bool) -> bool:
    return fold(word) in _TELLING if is_when else fold(word) not in _EVERY_STOP
