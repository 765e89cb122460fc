"""What an attached invoice says, as findings; and the rules that hold between its facts.

Invariant: the data inside a file wins over its text, fact by fact; data has no place on a page (page -1).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from copilot.triage.fields import invoice
from copilot.triage.fields.types import INVOICE, Found, Source, Wanted

DATA: Final = -1
SUM: Final = "sum"  # net + VAT is not the total
DUE_BEFORE_ISSUE: Final = "due-before-issue"
CENT: Final = Decimal("0.01")
# What a field of a kind is on an invoice, where its name does not say it.
_BY_KIND: Final = {"invoice_number": "number", "iban": "iban", "amount": "total"}


def facts_of(source: Source, *, with_data: bool = True) -> dict[str, Found]:
    """By the names of `INVOICE`; nothing for a source that is no invoice. Without data, what the pages say alone."""
    found: dict[str, Found] = {}
    if invoice.is_invoice(source.pages):
        found = {name: _found(name, fact, source) for name, fact in invoice.facts(source.pages).items()}
    if source.invoice and with_data:
        for name, value in source.invoice.facts.items():
            found[name] = Found(name, value, value, source.key, DATA, 0, len(value), 1.0)
    return found


def _found(name: str, fact: invoice.Fact, source: Source) -> Found:
    text = next(page.text for page in source.pages if page.number == fact.page)
    raw = text[fact.start : fact.end]
    return Found(
        name, fact.value, raw, source.key, fact.page, fact.start, fact.end, fact.confidence, fact.problem
    )  # fmt: skip


def fact_for(wanted: Wanted) -> str:
    """Which fact of an invoice a field asks for; empty for none."""
    return wanted.name if wanted.name in INVOICE else _BY_KIND.get(wanted.kind, "")


def problems(facts: Mapping[str, Found]) -> list[str]:
    """The rules that an invoice's facts break."""
    broken = []
    if {"net", "vat", "total"} <= facts.keys():
        net, vat, total = (Decimal(facts[name].value) for name in ("net", "vat", "total"))
        if abs(net + vat - total) > CENT:
            broken.append(SUM)
    if {"issue_date", "due_date"} <= facts.keys() and facts["due_date"].value < facts["issue_date"].value:
        broken.append(DUE_BEFORE_ISSUE)
    return broken
