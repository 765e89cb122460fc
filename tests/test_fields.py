"""Which fields are found in a ticket's messages and attachments, and where they stand."""

import pytest

from copilot.documents.types import Page
from copilot.triage.fields import Source, Wanted, find

FRENCH = (
    "Bonjour, ma commande n° A-12345 du 5 mai 2024 n'est pas arrivée. Facture FA-2017-0010, 1 234,50 €. Mon IBAN : "
    "FR76 3000 6000 0112 3456 7890 189. Livrer au 12 bis rue de la Paix, 75002 Paris. Tél. 06 12 34 56 78, a.b@x.fr"
)


def one(text, kind, language="fr", **more):
    findings = find([Wanted("it", kind, **more)], [Source("m1", (Page(0, text, "text"),))], language)
    return findings.found[0] if findings.found else None


@pytest.mark.parametrize(
    ("kind", "value", "raw"),
    [
        ("order_number", "A-12345", "A-12345"),
        ("invoice_number", "FA-2017-0010", "FA-2017-0010"),
        ("amount", "1234.50 EUR", "1 234,50 €"),
        ("date", "2024-05-05", "5 mai 2024"),
        ("iban", "FR7630006000011234567890189", "FR76 3000 6000 0112 3456 7890 189"),
        ("email", "a.b@x.fr", "a.b@x.fr"),
        ("phone", "+33612345678", "06 12 34 56 78"),
        ("address", "12 bis rue de la Paix, 75002 Paris", "12 bis rue de la Paix, 75002 Paris"),
    ],
)
def test_each_kind_is_found_where_it_stands(kind, value, raw):
    found = one(FRENCH, kind)
    assert (found.value, found.raw) == (value, raw)
    assert FRENCH[found.start : found.end] == raw and (found.source, found.page) == ("m1", 0)


def test_a_required_field_that_is_not_there_is_missing():
    findings = find([Wanted("iban", "iban", required=True)], [Source("m1", (Page(0, "Hi", "text"),))], "en")
    assert (findings.found, findings.missing) == ((), ("iban",))
