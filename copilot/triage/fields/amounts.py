"""Amounts of money, as English, French, German and Swiss people write them.

Invariant: digits are an amount only with a currency beside them, or called one; which sign parts the thousands is
read off the number itself.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from copilot.documents.invoices import plain
from copilot.triage.fields.matches import DOUBTFUL, LIKELY, SURE, Match, is_called
from copilot.triage.fields.types import Wanted

# fmt: off
_CODES: Final = (
    "EUR", "USD", "GBP", "CHF", "CAD", "AUD", "NZD", "JPY", "CNY", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON",
    "BGN", "TRY", "INR", "BRL", "MXN", "ZAR", "SGD", "HKD", "MAD", "TND", "XOF", "XAF", "XPF",
)
_SIGNS: Final = {
    "US$": "USD", "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY",
    "₹": "INR", "zł": "PLN", "Kč": "CZK", "Fr.": "CHF", "SFr.": "CHF",
}
_WORDS: Final = {
    "euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "bucks": "USD", "usd": "USD", "pound": "GBP",
    "pounds": "GBP", "quid": "GBP", "livre": "GBP", "livres": "GBP", "pfund": "GBP", "franken": "CHF",
}
_CALLED: Final = (
    "amount", "price", "total", "cost", "charge", "charged", "fee", "refund", "paid", "pay", "balance", "montant",
    "prix", "coût", "débité", "prélevé", "prélevés", "remboursement", "rembourser", "payé", "solde", "betrag", "preis",
    "summe", "kosten", "gezahlt", "bezahlt", "abgebucht", "erstattung",
)
# fmt: on
_GAP: Final = r"[ \u00a0\u202f]"
NUMBER: Final = rf"\d{{1,3}}(?:{_GAP}\d{{3}}(?!\d))+(?:[.,]\d{{1,2}})?|\d{{1,12}}(?:[.,'’]\d{{3}})*(?:[.,]\d{{1,4}})?"
_CURRENCY: Final = "|".join(
    [*map(re.escape, sorted(_SIGNS, key=len, reverse=True)), *(rf"\b{code}\b" for code in _CODES)]
)
_AFTER: Final = "|".join([_CURRENCY, *(rf"{word}\b" for word in sorted(_WORDS, key=len, reverse=True))])
_AMOUNT = re.compile(
    rf"(?P<before>{_CURRENCY})?{_GAP}?(?<![\w.,/-])(?P<sign>[-−–+]{_GAP}?)?(?P<number>{NUMBER})(?![\w%]|[.,/-]\d)"
    rf"(?:{_GAP}?(?P<after>{_AFTER}))?",
    re.IGNORECASE,
)
_GLUED = re.compile(rf"(?<![\w.,/-])(?P<number>{NUMBER})(?P<after>€|\$|£|EUR|USD|GBP|CHF)", re.IGNORECASE)


def number(written: str) -> Decimal:
    """What digits with separators amount to: the last separator parts the cents, unless three digits follow it alone.

    "1,234.50" and "1.234,50" are 1234.50, and so is "1 234,50"; "1.234" and "1,234" are 1234; "3,3333" is 3.3333.
    """
    compact = re.sub(r"[\s\u00a0\u202f'’]", "", written).replace("−", "-").replace("–", "-")
    last = max(compact.rfind("."), compact.rfind(","))
    if last < 0:
        return Decimal(compact)
    separators = {character for character in compact if character in ".,"}
    decimals = len(compact) - last - 1
    if decimals == 3 and len(separators) == 1 and not compact.lstrip("-+").startswith("0"):
        return Decimal(compact.replace(".", "").replace(",", ""))
    whole = compact[:last].replace(".", "").replace(",", "")
    return Decimal(f"{whole or '0'}.{compact[last + 1 :] or '0'}")


def currency(written: str) -> str:
    """The ISO 4217 code of a sign, a code or a word; a sign that several countries use is the largest's."""
    return _SIGNS.get(written) or _WORDS.get(written.lower()) or (written.upper() if written.upper() in _CODES else "")


def find(text: str, wanted: Wanted, language: str) -> Iterator[Match]:
    """Amounts with a currency; without one where the text calls the number an amount."""
    for match in sorted([*_AMOUNT.finditer(text), *_GLUED.finditer(text)], key=lambda match: match.start()):
        groups = match.groupdict()
        code = currency(groups.get("before") or groups["after"] or "")
        called = is_called(text, match.start("number"), wanted.words or _CALLED)
        if not code and not called:
            continue
        sign = "-" if (groups.get("sign") or "").strip() in ("-", "−", "–") else ""
        value = plain(number(sign + groups["number"]))
        confidence = SURE if code and called else LIKELY if code else DOUBTFUL
        start = match.start("before" if groups.get("before") else "sign" if groups.get("sign") else "number")
        yield Match(f"{value} {code}".strip(), start, match.end(), confidence)
