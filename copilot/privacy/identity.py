"""Official numbers of people: French NIR, US SSN and ITIN, UK NI number, and what a text calls a passport or licence.

Invariant: without a word for it, a number is masked only where its form is nobody else's: a key that holds (NIR), or
the signs and ranges of an SSN, the letters of an NI number. Called so by the text, a mistyped one is masked too.
"""

import re
from collections.abc import Iterator
from typing import Final

from stdnum.fr import nir
from stdnum.us import itin, ssn

from copilot.privacy.context import NUMBER, any_of, has_any, is_after
from copilot.privacy.spans import Span

_REACH: Final = 60
_GAP: Final = r"[ \u00a0\u202f.-]?"
_NIR = re.compile(
    rf"(?<![\w.-])[1-478]{_GAP}\d\d{_GAP}(?:0[1-9]|1[0-2]|[2-9]\d){_GAP}(?:\d\d|2[ABab])"
    rf"{_GAP}\d{{3}}{_GAP}\d{{3}}(?:{_GAP}(?:/ ?)?\d\d)?(?![\w-])"
)
_CALLED_NIR = re.compile(
    r"\b(?:nir|insee|s[ée]cu(?:rit[ée])?(?: sociale)?|vitale|assur[ée]e? sociale?|immatriculation)\b[^\d\n]{0,40}$",
    re.IGNORECASE,
)
_SSN = re.compile(r"(?<![\w.-])\d{3}([ -]?)\d\d\1\d{4}(?![\w-]|\.\d)")
_SSN_CUES: Final = ("ssn", "social", "itin", "soc sec")
_CALLED_SSN = re.compile(r"\b(?:ssn|ss#|social(?: security)?|itin)\b[^\d\n]{0,40}$", re.IGNORECASE)
# The last four, or any digits that are called so; "4523 ssn" is how nobody writes.
_SSN_DIGITS = re.compile(
    rf"\b(?:ssn|itin|social security){NUMBER}(?:[:=]"
    r"|\b(?:is|was|ends?|ending|in|with|the|last|four|4|digits?|of|my|no)\b|[ .,#]){0,16}"
    r"(?<!\w)(?P<value>\d{4,9})(?![\w-]|\.\d)",
    re.IGNORECASE,
)
_NINO = re.compile(
    r"(?<![\w-])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?P<gap>[ -]?)\d\d(?P=gap)\d\d(?P=gap)\d\d"
    r"(?P=gap)[A-D](?![\w-])"
)
_CALLED_NINO = re.compile(
    r"\b(?:national insurance|nino|ni (?:number|no))\b[^\d\n]{0,20}?"
    r"(?<!\w)(?P<value>[a-z]{2}(?: ?\d){6} ?[a-d]?)(?!\w)",
    re.IGNORECASE,
)
# fmt: off
_PAPERS: Final = (
    "passport", "passeport", "licen", "permis", "identi", "cni", "titre de s", "national id", "tax ", "fiscal", "nhs",
    "vitale", "green card", "visa number", "voter",
)
# fmt: on
_NAMES: Final = any_of(
    "passports?",
    "passeport",
    "driv(?:er|ing)(?:['’]?s)? licen[cs]e",
    "permis(?: de conduire)?",
    "national id(?:entity)?(?: card)?",
    "identity card",
    "id card",
    "carte (?:nationale )?d['’]identit[ée]",
    "cni",
    "titre de s[ée]jour",
    "green card",
    "nhs",
    "tax(?:payer)? (?:id(?:entification)?|reference)",
    "(?:num[ée]ro |identifiant |n° ?)fiscal",
    "spi",
)  # fmt: skip
_PAPER = re.compile(
    rf"\b{_NAMES}\b{NUMBER}[^\w\n]{{0,4}}(?:(?:is|was|est|number|num[ée]ro|n°|no)\b[^\w\n]{{0,4}}){{0,2}}"
    r"(?P<value>(?=[A-Za-z]{0,5}\d)[A-Za-z\d](?:[ -]?[A-Za-z\d]){5,19}(?!\w))",
    re.IGNORECASE,
)
# An answer to a question that is not in the text: whose number it is nobody can tell, but nothing needs it either.
_LONE = re.compile(
    r"\s*(?P<value>\d{4,19}|(?=(?:\d ?){4,19}(?!\d| \d))\d{2,6}(?: \d{2,6}){1,5})"
    r"(?:\s*(?:and|et|&|,|/)\s*(?P<other>\d{4,19}))?[\s.!]*"
)
_LAST_FOUR = re.compile(
    r"\blast (?:4|four)(?: (?:digits?|numbers?|of|my|the|is|are|was|social|ssn)\b|[:=,]|\s){0,8}"
    r"\s(?<!\w)(?P<value>\d{4})(?![\w-])",
    re.IGNORECASE,
)


def lone_numbers(text: str) -> Iterator[Span]:
    """The digits of a text that holds nothing else."""
    if lone := _LONE.fullmatch(text):
        yield from (Span(*lone.span(name), "NUMBER") for name in ("value", "other") if lone[name])


def id_numbers(text: str) -> Iterator[Span]:
    """NIR, SSN, ITIN, NI numbers; and what a text calls a passport, a licence, an identity card, a tax number."""
    lowered = text.lower()
    yield from _french(text)
    if "last " in lowered:
        yield from (Span(*match.span("value"), "IDNUMBER") for match in _LAST_FOUR.finditer(text))
    yield from _american(text, lowered)
    yield from _british(text, lowered)
    if has_any(lowered, _PAPERS):
        for match in _PAPER.finditer(text):
            end = _end_of_number(text, *match.span("value"))
            if sum(map(str.isdigit, text[match.start("value") : end])) >= 4:
                yield Span(match.start("value"), end, "IDNUMBER")


def _end_of_number(text: str, start: int, end: int) -> int:
    """Before the first word without a digit: `12AB 34567 and` is a number and a word."""
    last = start
    for part in re.finditer(r"[A-Za-z\d]+", text[start:end]):
        if not any(map(str.isdigit, part[0])) and len(part[0]) > 2:
            break
        last = start + part.end()
    return last


def _french(text: str) -> Iterator[Span]:
    for match in _NIR.finditer(text):
        number = "".join(filter(str.isalnum, match[0])).upper()
        if (len(number) == 15 and nir.is_valid(number)) or is_after(_CALLED_NIR, text, match.start(), _REACH):
            yield Span(*match.span(), "IDNUMBER")


def _american(text: str, lowered: str) -> Iterator[Span]:
    is_named = has_any(lowered, _SSN_CUES)
    for match in _SSN.finditer(text):
        has_form = match[1] == "-" and (ssn.is_valid(match[0]) or itin.is_valid(match[0]))
        if has_form or (is_named and is_after(_CALLED_SSN, text, match.start(), _REACH)):
            yield Span(*match.span(), "IDNUMBER")
    if is_named:
        for match in _SSN_DIGITS.finditer(text):
            yield Span(*match.span("value"), "IDNUMBER")


def _british(text: str, lowered: str) -> Iterator[Span]:
    for match in _NINO.finditer(text):
        yield Span(*match.span(), "IDNUMBER")
    if has_any(lowered, ("national insurance", "nino", "ni n")):
        for match in _CALLED_NINO.finditer(text):
            yield Span(*match.span("value"), "IDNUMBER")
