"""Numbers of orders, invoices, contracts: what stands behind the words that call them so.

Invariant: a reference holds a digit, and the word that names its kind stands right in front of it, with at most
"number", "is" and a sign between.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from copilot.triage.fields import patterns
from copilot.triage.fields.matches import DOUBTFUL, LIKELY, POSSIBLE, SURE, Match, folded
from copilot.triage.fields.types import Wanted

FORMAT: Final = "format"
# fmt: off
ORDER: Final = (
    "order", "purchase order", "po", "booking", "reservation", "commande", "bon de commande", "bc", "réservation",
    "bestellung", "auftrag", "bestell", "buchung",
)
INVOICE: Final = (
    "invoice", "bill", "inv", "credit note", "facture", "avoir", "rechnung", "handelsrechnung", "gutschrift",
    "rechnungskorrektur",
)
# fmt: on
_NUMBER: Final = (
    r"(?:\s*(?:numbers?|num|no|nos|nr|numero|nummer|id|ref|reference|referenz|code)(?!\w)\.?"
    r"|\s*n(?:[°º]|o(?![^\W\d_]))\.?|\s*\#)*+"
)
_BETWEEN: Final = r"(?:\s*(?:is|was|est|ist|lautet|:|=|-|–|\#|\())*+[\s.]*+"
_REFERENCE: Final = r"(?P<value>(?:[a-z]{1,12}+[-/.]?|[a-z]{1,5}(?:[-/.][a-z0-9]{1,12})*?[-/.])?\d\w*+(?:[-/.]\w++)*+)"
_MONEY = re.compile(r"\s?(?:[€$£%]|eur\b|euros?\b|usd\b|gbp\b|dollars?\b|pounds?\b)")


def orders(text: str, wanted: Wanted, language: str) -> Iterator[Match]:
    """Order and booking numbers, by the customer's pattern where there is one."""
    yield from called(text, wanted, wanted.words or ORDER)


def invoices(text: str, wanted: Wanted, language: str) -> Iterator[Match]:
    """Invoice and credit note numbers."""
    yield from called(text, wanted, wanted.words or INVOICE)


def called(text: str, wanted: Wanted, words: Sequence[str]) -> Iterator[Match]:
    """What stands behind one of `words`. With a pattern, what fits it: more surely behind a word, but anywhere; and
    what stands behind one and does not fit, with a problem.
    """
    plain = folded(text)
    behind = [(match.start("value"), match.end("value")) for match in _behind(tuple(words)).finditer(plain)]
    if wanted.pattern:
        for match in patterns.matches(text, wanted.pattern):
            is_behind = any(start < match.end and match.start < end for start, end in behind)
            yield match._replace(confidence=SURE if is_behind else POSSIBLE)
            behind = [(start, end) for start, end in behind if end <= match.start or match.end <= start]
    for start, end in behind:
        value = text[start:end].rstrip(".-_/")
        if is_reference(value) and not _MONEY.match(plain, end):
            problem = FORMAT if wanted.pattern else ""
            confidence = DOUBTFUL if problem else LIKELY if len(value) > 2 else POSSIBLE
            yield Match(value, start, start + len(value), confidence, problem)


def is_reference(value: str) -> bool:
    """Not a date, and at least two characters that are not all the same sign."""
    return len(value) >= 2 and not re.fullmatch(
        r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|(?:19|20)\d\d[./-]\d\d?[./-]\d\d?", value
    )


@lru_cache(maxsize=256)
def _behind(words: Sequence[str]) -> re.Pattern[str]:
    """Compounds too: Bestellnummer, Rechnungsnr."""
    parts = sorted({folded(word) for word in words if word.strip()}, key=len, reverse=True)
    spaced = "|".join(r"\s+".join(map(re.escape, part.split())) for part in parts)
    compound = r"(?:s?-?(?:nummer|nr)\.?)?"
    return re.compile(rf"(?<![\w])(?:{spaced}){compound}(?!\w){_NUMBER}{_BETWEEN}(?<![\w]){_REFERENCE}(?!\w)")
