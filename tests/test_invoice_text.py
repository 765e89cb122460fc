"""Invoices for people are read from their text: by labels, layout and sums, in English, French and German."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.documents import read
from copilot.documents.types import Page
from copilot.triage.fields import Source, find
from copilot.triage.fields.invoice import facts, is_invoice
from copilot.triage.fields.invoices import facts_of
from tests import attachments, invoices


def said(*lines):
    return facts([Page(1, "\n".join(lines), "text")])


@pytest.mark.parametrize("layout", invoices.ALL.values(), ids=invoices.ALL)
def test_an_invoices_facts_are_read_and_stand_where_they_say(layout):
    words, expected = layout
    source = Source("a", read(attachments.pdf(*words), "a.pdf").pages)
    found = facts_of(source)
    assert {name: fact.value for name, fact in found.items()} == expected
    for fact in found.values():
        assert source.pages[0].text[fact.start : fact.end] == fact.raw and fact.raw.strip()


def test_three_amounts_that_add_up_win_over_better_labels():
    found = said(
        "Invoice 7",
        "Total                 90.00",
        "Subtotal          100.00",
        "VAT 20%        20.00",
        "Amount due     120.00",
    )
    assert [found[name].value for name in ("net", "vat", "total")] == ["100.00", "20.00", "120.00"]


def test_three_amounts_that_do_not_add_up_are_said_to():
    source = Source("a", (Page(1, "Invoice 7\nSubtotal  100.00\nVAT  20.00\nTotal  125.00", "text"),))
    assert facts_of(source)["total"].problem == "sum"
    assert find([], [source], "en").problems == ("sum",)


def test_an_invoice_that_is_due_before_it_was_issued_is_said_to():
    source = Source("a", (Page(1, "Invoice 7\nInvoice date: 2024-03-05\nDue date: 2024-03-01", "text"),))
    assert find([], [source], "en").problems == ("due-before-issue",)


def test_a_number_of_another_document_is_not_the_invoices():
    found = said("Facture FA-12", "Facture liée FA-07", "N° de commande : 4711", "N° client : C-9")
    assert found["number"].value == "FA-12"


def test_a_date_of_delivery_is_not_the_invoices():
    found = said("Rechnung 9", "Lieferdatum: 01.02.2024", "Rechnungsdatum: 05.02.2024")
    assert found["issue_date"].value == "2024-02-05" and "due_date" not in found


def test_a_day_that_may_be_a_month_is_said_to_be_ambiguous():
    assert said("Invoice 9", "Date: 03/04/2024")["issue_date"].problem == "ambiguous-date"
    assert said("Invoice 9", "Date: 03/04/2024", "Due: 03/28/2024")["issue_date"].value == "2024-03-04"


def test_an_account_number_with_a_wrong_digit_is_found_with_its_problem():
    found = said("Rechnung 9", "IBAN: DE89 3704 0044 0532 0130 01")
    assert (found["iban"].value, found["iban"].problem) == ("DE89370400440532013001", "checksum")


@pytest.mark.parametrize("text", ["Hello, my bike is broken.", ""])
def test_what_is_no_invoice_has_no_facts(text):
    assert not is_invoice([Page(1, text, "text")]) and facts_of(Source("a", (Page(1, text, "text"),))) == {}


WORDS = [
    "Invoice",
    "Facture n°",
    "Total TTC",
    "VAT",
    "Due date",
    "12.50",
    "€",
    "1.234,56",
    "03/04/2024",
    "IBAN",
    "To:",
    "Ltd",
    "\n",
    "   ",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=6)), max_size=40))
def test_any_text_is_read_and_each_fact_stands_in_it(pieces):
    page = Page(1, " ".join(pieces), "text")
    for fact in facts([page]).values():
        assert 0 <= fact.start < fact.end <= len(page.text) and 0 < fact.confidence <= 1


@pytest.mark.parametrize("piece", ["Invoice ", "Total 12.50  ", "zahlbar ", "1.000", "a", "To:\n", "12345 Ab\n", " "])
def test_long_text_is_read_in_good_time(piece):
    import time

    started = time.perf_counter()
    facts([Page(1, piece * (60_000 // len(piece)), "text")])
    assert time.perf_counter() - started < 20
