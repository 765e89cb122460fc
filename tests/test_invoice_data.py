"""Invoices that machines can read are read exactly: CII and UBL, alone and inside a PDF."""

import pytest

from copilot.documents import read
from copilot.triage.fields import Source, Wanted, find
from copilot.triage.fields.invoices import facts_of
from tests import attachments

FACTS = {
    "number": "VX-204", "issue_date": "2024-02-29", "due_date": "2024-03-30", "seller": "Vélos & Fils",
    "buyer": "Mairie de Sète", "currency": "EUR", "net": "100.00", "vat": "20.00", "total": "120.00",
    "iban": "FR7630006000011234567890189",
}  # fmt: skip


def test_cii_is_read_exactly():
    invoice = read(attachments.cii(), "a.xml").invoice
    assert (invoice.facts, invoice.syntax, invoice.is_credit_note) == (FACTS, "cii", False)


@pytest.mark.parametrize("name", ["factur-x.xml", "ZUGFeRD-invoice.xml", "xrechnung.xml"])
def test_the_xml_inside_a_pdf_is_found(name):
    document = read(
        attachments.pdf((10, 10, "Facture"), attached={"notes.txt": b"x", name: attachments.cii()}), "a.pdf"
    )
    assert document.kind == "pdf" and document.invoice.facts == FACTS


@pytest.mark.parametrize("kind", ["Invoice", "CreditNote"])
def test_ubl_is_read_exactly(kind):
    invoice = read(attachments.ubl(kind), "a.xml").invoice
    assert invoice.is_credit_note == (kind == "CreditNote")
    assert invoice.facts == {
        "number": "U-7", "issue_date": "2024-05-01", "due_date": "2024-05-31", "seller": "Registered AB",
        "buyer": "Kund AB", "currency": "SEK", "net": "1000.00", "vat": "250.00", "total": "1250.00",
    }  # fmt: skip


def test_a_cii_credit_note_is_told_by_its_type():
    assert read(attachments.cii("381"), "a.xml").invoice.is_credit_note


def test_other_xml_is_text():
    document = read(b"<?xml version='1.0'?><order><id>12</id><name>Bike</name></order>", "a.xml")
    assert document.invoice is None and document.pages[0].text == "12\nBike"


@pytest.mark.parametrize("wrong", ["", "abc", "1e99", "NaN"])
def test_an_amount_that_is_none_is_left_out(wrong):
    assert "total" not in read(attachments.cii(total=wrong), "a.xml").invoice.facts


def test_data_wins_over_the_page_and_the_page_says_the_rest():
    page = attachments.pdf(
        (10, 10, "Facture n° WRONG-1"), (10, 20, "Total TTC"), (60, 20, "999,00 €"),
        attached={"factur-x.xml": attachments.cii().replace(b"InvoiceCurrencyCode", b"Unknown")},
    )  # fmt: skip
    document = read(page, "a.pdf")
    source = Source("a", document.pages, document.invoice)
    facts = facts_of(source)
    assert (facts["number"].value, facts["number"].page) == ("VX-204", -1)
    assert (facts["currency"].value, facts["currency"].page) == ("EUR", 1)
    assert facts_of(source, with_data=False)["number"].value == "WRONG-1"


def test_fields_take_an_invoices_facts():
    document = read(attachments.cii(), "a.xml")
    wanted = [
        Wanted("Invoice", "invoice_number"), Wanted("due_date", "date"), Wanted("Paid", "amount"),
        Wanted("Account", "iban"),
    ]  # fmt: skip
    findings = find(wanted, [Source("a", document.pages, document.invoice)], "fr")
    assert [found.value for found in findings.found] == ["VX-204", "2024-03-30", "120.00 EUR", FACTS["iban"]]
    assert findings.problems == ()


def test_sums_that_do_not_add_up_are_said():
    document = read(attachments.cii(total="121.00"), "a.xml")
    assert find([], [Source("a", document.pages, document.invoice)], "fr").problems == ("sum",)
