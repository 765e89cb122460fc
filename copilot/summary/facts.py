"""What can be looked up or reckoned with: references, error codes, versions, amounts, dates, times.

Invariant: a fact is characters of the message, with up to three words before it that say what it is; it never cuts a
placeholder, and never holds more of one than a whole.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from copilot.language.words import STOP_WORDS, fold
from copilot.privacy.text import PLACEHOLDER

_MONTHS = (
    r"(?:jan(?:uary|vier|\.)?|feb(?:ruary|\.)?|f[ée]vr(?:ier|\.)|mar(?:ch|s)|apr(?:il|\.)?|avr(?:il|\.)|may|mai|"
    r"june?|juin|"
    r"july?|juil(?:let|\.)|aug(?:ust|\.)?|ao[uû]t|sept?(?:ember|embre|\.)?|oct(?:ober|obre|\.)?|nov(?:ember|"
    r"embre|\.)?|"
    r"d[eé]c(?:ember|embre|\.)?)"
)
_DAYS = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche"
_NUMBER = r"\d+(?:[ \u00a0\u202f]\d{3}\b)*(?:[.,]\d+)*"
# In the order in which they matter: what a longer or earlier pattern has found is not found again.
_KINDS = {
    "reference": r"#\d{3,}|\b[A-Z]{2,5}[- ]?\d{4,}[\w-]*|\b[A-Z]{1,4}(?:-[A-Z0-9]{2,}){1,4}\b(?<=\d)|\b\d{6,}\b|"
    r"\b(?=[A-Z0-9-]*\d[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9]{2,}(?:-[A-Z0-9]+)*(?<=.{6})\b",
    "code": r"\b[A-Z]{1,4}[-_]?\d{2,4}\b|\b0x[0-9A-Fa-f]{4,}\b|\b(?:HTTP|error|erreur|code|"
    r"status)(?: code)? ?[:#]? ?\d{2,6}\b|"
    r"\b[A-Z]{2,}(?:_[A-Z0-9]+)+\b",
    "version": r"\b(?:version|firmware|v|iOS|iPadOS|Android|Windows|macOS|Chrome|Firefox|Safari|Edge|Debian|"
    r"Ubuntu|PHP|"
    r"Python|app)[ -]?v?\d+(?:\.\d+){0,3}\b|\b\d+\.\d+\.\d+(?:\.\d+)?\b",
    "amount": rf"[£€$] ?{_NUMBER}|\b{_NUMBER}[ \u00a0\u202f]?(?:€|£|\$|euros?\b|EUR\b|GBP\b|USD\b|pounds?\b|"
    rf"dollars?\b|%)",
    "date": rf"\b(?:{_DAYS})?,? ?(?:the )?\d{{1,2}}(?:st|nd|rd|th|er)?(?: of)? {_MONTHS}\b(?: \d{{4}}\b)?|"
    rf"\b{_MONTHS} \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? \d{{4}}\b)?|"
    rf"\b\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}\b|\b\d{{4}}-\d\d-\d\d\b|\b{_MONTHS} \d{{4}}\b|"
    rf"\b\d{{1,2}}/\d{{1,2}}\b|\b(?:{_DAYS})\b",
    "time": rf"\b\d{{1,2}}:\d\d(?: ?[ap]m)?\b|\b\d{{1,2}} ?[ap]m\b|\b\d{{1,2}} ?h(?: ?\d\d)?\b|\b(?:{_NUMBER}|"
    rf"two|three|four|five|six|ten|deux|trois|"
    r"quatre|cinq|six|dix|une|a) (?:minutes?|hours?|days?|weeks?|months?|years?|heures?|jours?|semaines?|mois|"
    r"ans?|kilomètres|km|miles|"
    r"°C|users?|employees|utilisateurs|collègues|comptes)\b",
}  # fmt: skip
_FOUND = {kind: re.compile(pattern, re.IGNORECASE if kind in ("version", "amount", "date", "time") else 0)
          for kind, pattern in _KINDS.items()}  # fmt: skip
WORTH = {kind: 1 - n / 10 for n, kind in enumerate(_KINDS)}
_CLAUSE = re.compile(r"[,;:.!?()\[\]\n–—«»\"“”]|\s-\s|\b(?:and|but|because|et|mais|car)\b", re.IGNORECASE)
_WORDS = re.compile(r"\S+")
BEFORE = 3
# These say what a date or an amount is.
_TELLING = frozenset([
    "after", "apres", "avant", "before", "depuis", "each", "from", "jusqu", "moins", "more", "par", "per", "plus",
    "sans", "since", "under", "until",
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
        value = " ".join(fold(text[left:right]).split())
        found.append(Fact(kind, value, _with_words(text, floor, left), right))
    return found


def _values(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    taken = [match.span() for match in PLACEHOLDER.finditer(text, start, end)]
    for kind, pattern in _FOUND.items():
        for match in pattern.finditer(text, start, end):
            left, right = _trimmed(text, *match.span())
            if right > left and not any(left < b and a < right for a, b in taken):
                taken.append((left, right))
                yield left, right, kind


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " ,":
        start += 1
    while end > start and text[end - 1] in " ,":
        end -= 1
    return start, end


def _with_words(text: str, floor: int, start: int) -> int:
    """Where the words begin that say what the fact is: at most BEFORE, of the same clause, no stop word first."""
    floor = max([floor, *(match.end() for match in PLACEHOLDER.finditer(text, floor, start))])
    floor = max([floor, *(match.end() for match in _CLAUSE.finditer(text, floor, start))])
    words = list(_WORDS.finditer(text, floor, start))[-BEFORE:]
    while words and fold(words[0][0]) in _EVERY_STOP:
        words.pop(0)
    return words[0].start() if words else start
