"""`facts`: an invoice's number, days, parties, amounts and account, from the text of its pages.

Invariant: each fact says where it stands; what the text does not say is not in there.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from copilot.documents.invoices import plain
from copilot.documents.types import Page
from copilot.triage.fields import amounts, contacts
from copilot.triage.fields.dates import order_in
from copilot.triage.fields.invoice import days, numbering, parties, totals
from copilot.triage.fields.invoice.grid import Grid, grid
from copilot.triage.fields.invoice.labels import labels
from copilot.triage.fields.types import Wanted

_TITLES: Final = re.compile(
    r"(?<!\w)(?:invoice|facture|avoir|credit (?:note|memo)|note de crédit|[a-zäöü]*rechnung\w*"
    r"|gutschrift\w*|belastungsanzeige)(?!\w)",
    re.IGNORECASE,
)
_CODE: Final = re.compile(
    r"€|£|\$|(?<![a-z])(?:eur|usd|gbp|chf|cad|aud|nzd|sgd|hkd|sek|nok|dkk|pln|czk|jpy)(?![a-z])", re.IGNORECASE
)
_GERMAN: Final = re.compile(r"(?<!\w)(?:rechnung\w*|betrag|datum|mwst|ust|summe)(?!\w)", re.IGNORECASE)
_FRENCH: Final = re.compile(r"(?<!\w)(?:facture|avoir|montant|tva|échéance|règlement|ttc)(?!\w)", re.IGNORECASE)
_ENGLISH: Final = re.compile(r"(?<!\w)(?:invoice|amount|due|bill|vat|total|payment)(?!\w)", re.IGNORECASE)


_DOLLARS: Final = ("CAD", "AUD", "NZD", "SGD", "HKD")


class Fact(NamedTuple):
    """A value on characters `start` to `end` of page `page`."""

    value: str
    page: int
    start: int
    end: int
    confidence: float
    problem: str = ""


def is_invoice(pages: Sequence[Page]) -> bool:
    """Whether the first page calls itself an invoice or a credit note."""
    return bool(pages) and _TITLES.search(pages[0].text[:3000]) is not None


def facts(pages: Sequence[Page]) -> dict[str, Fact]:
    """By the names of `INVOICE`."""
    cells = grid(pages)
    text = "\n".join(page.text for page in pages)
    order = order_in(text, _language(text))
    seller, buyer = parties.parties(cells)
    found: dict[str, Fact | None] = {
        "number": _from(numbering.number(cells)),
        "issue_date": _from(days.issued(cells, order)),
        "due_date": _from(days.due(cells, order)),
        "seller": _from(seller),
        "buyer": _from(buyer),
        "currency": _currency(cells),
        **_sums(totals.totals(cells)),
        "iban": _iban(pages),
    }
    return {name: fact for name, fact in found.items() if fact}


def _from(found: numbering.Numbered | days.Day | parties.Party | None) -> Fact | None:
    if not found:
        return None
    problem = found.problem if isinstance(found, days.Day) else ""
    return Fact(found.value, found.page, found.start, found.end, max(0.1, min(0.95, found.weight)), problem)


def _sums(found: totals.Totals) -> dict[str, Fact | None]:
    problem = "sum" if found.adds_up is False else ""
    confidence = 0.95 if found.adds_up else 0.5
    return {
        name: Fact(plain(money.value), money.page, money.start, money.end, confidence, problem) if money else None
        for name, money in (("net", found.net), ("vat", found.vat), ("total", found.total))
    }


def _language(text: str) -> str:
    """Of the labels: what customs its dates follow."""
    votes = {"de": _GERMAN, "fr": _FRENCH, "en": _ENGLISH}
    return max(votes, key=lambda name: len(votes[name].findall(text)))


def _currency(cells: Grid) -> Fact | None:
    """What a label says, or else what stands most often beside amounts; $ is another country's where one is named."""
    seen: Counter[str] = Counter()
    first: dict[str, Fact] = {}
    for cell in cells.cells():
        is_called = any(label.start <= 2 for label in labels(cell.plain, "currency"))
        around = [cell, *cells.right_of(cell)[:1]] if is_called else [cell]
        for other in around:
            for match in _CODE.finditer(other.text):
                code = amounts.currency(match[0])
                seen[code] += 50 if is_called else 1
                place = (other.page, other.start + match.start(), other.start + match.end())
                first.setdefault(code, Fact(code, *place, 0.95 if is_called else 0.8))
    most = seen.most_common(1)[0][0] if seen else ""
    named = [code for code in _DOLLARS if code in seen]
    return first.get(named[0] if most == "USD" and named else most)


def _iban(pages: Sequence[Page]) -> Fact | None:
    found = [
        Fact(match.value, page.number, match.start, match.end, match.confidence, match.problem)
        for page in pages
        for match in contacts.ibans(page.text, Wanted("iban", "iban"), "en")
    ]
    return max(found, key=lambda fact: fact.confidence, default=None)
