"""`find`: the fields that are wanted, in a ticket's messages and attachments.

Invariant: at most one value a field, the likeliest; of two that are as likely, the one that stands first, in the
first source. A required field that was not found is said to be missing, and nothing raises for what a text holds.
An attached invoice is read as one: a field named as one of its facts, or an invoice number, an amount or an IBAN, may
be that fact.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from copilot.triage.fields import addresses, amounts, contacts, dates, invoices, patterns, references, words
from copilot.triage.fields.matches import Match
from copilot.triage.fields.types import Findings, Found, Source, Wanted

Finder = Callable[[str, Wanted, str], Iterable[Match]]
MAX_CHARACTERS: Final = 100_000  # of one page that are looked at

_FINDERS: Final[Mapping[str, Finder]] = {
    "order_number": references.orders,
    "invoice_number": references.invoices,
    "amount": amounts.find,
    "date": dates.find,
    "iban": contacts.ibans,
    "product": words.listed,
    "version": words.versions,
    "device": words.listed,
    "address": addresses.find,
    "email": contacts.emails,
    "phone": contacts.phones,
    "pattern": patterns.find,
}


def find(wanted: Sequence[Wanted], sources: Sequence[Source], language: str) -> Findings:
    """The values of the fields `wanted` in `sources`; `language` is the ticket's ("en", "fr", "de")."""
    facts = [invoices.facts_of(source) for source in sources]
    found = [value for field in wanted if (value := _best(_all(field, sources, facts, language)))]
    names = {value.name for value in found}
    missing = tuple(field.name for field in wanted if field.required and field.name not in names)
    problems = dict.fromkeys(code for here in facts for code in invoices.problems(here))
    return Findings(tuple(found), missing, tuple(problems))


def _all(
    field: Wanted, sources: Sequence[Source], facts: Sequence[Mapping[str, Found]], language: str
) -> Iterator[Found]:
    asked = invoices.fact_for(field)
    for here in facts:
        if asked in here:
            yield _as(field, here, asked)
    if asked and asked == field.name and any(facts):
        return  # a fact of an invoice is not looked for in what people write around it
    finder = _FINDERS.get(field.kind, patterns.find)
    for source in sources:
        for page in source.pages:
            for match in finder(page.text[:MAX_CHARACTERS], field, language):
                raw = page.text[match.start : match.end]
                yield Found(
                    field.name, match.value, raw, source.key, page.number, match.start, match.end,
                    match.confidence, match.problem,
                )  # fmt: skip


def _as(field: Wanted, facts: Mapping[str, Found], asked: str) -> Found:
    """An invoice's fact as a field: an amount has its currency with it."""
    fact = replace(facts[asked], name=field.name)
    if field.kind == "amount" and "currency" in facts:
        return replace(fact, value=f"{fact.value} {facts['currency'].value}")
    return fact


def _best(found: Iterable[Found]) -> Found | None:
    """The likeliest; the first of several, as max does."""
    return max(found, key=lambda value: value.confidence, default=None)
