"""Which fields are found in a ticket's messages and attachments, and where they stand."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.documents.types import Page
from copilot.triage.fields import Source, Wanted, find, patterns
from copilot.triage.fields.types import KINDS

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


@pytest.mark.parametrize(
    ("text", "language", "value", "problem"),
    [
        ("since 03/04/2024", "fr", "2024-04-03", ""),
        ("since 03.04.2024", "en", "2024-04-03", ""),
        ("since 03/04/2024", "en", "2024-04-03", "ambiguous-date"),
        ("paid $20 on 03/04/2024", "en", "2024-03-04", "ambiguous-date"),
        ("on 13/04/2024", "en", "2024-04-13", ""),
        ("am 5. März 2024", "de", "2024-03-05", ""),
        ("le 1er août 2024", "fr", "2024-08-01", ""),
        ("May 5th, 2024", "en", "2024-05-05", ""),
        ("the 5th of May 2024", "en", "2024-05-05", ""),
        ("2024-05-06T10:00", "en", "2024-05-06", ""),
        ("30/02/2024", "fr", None, ""),
        ("version 1.2.2024", "en", "2024-02-01", ""),
    ],
)
def test_dates_are_read_by_the_customs_of_their_language(text, language, value, problem):
    found = one(text, "date", language)
    assert (found.value, found.problem) == (value, problem) if value else found is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.50 USD", "1234.50 USD"), ("1.234,50 €", "1234.50 EUR"), ("1 234,50 €", "1234.50 EUR"),
        ("CHF 1'234.50", "1234.50 CHF"), ("£12", "12.00 GBP"), ("1.163 EUR", "1163.00 EUR"), ("-5,00 €", "-5.00 EUR"),
        ("a refund of 50", "50.00"), ("50 bikes", None), ("12.5 %", None), ("12/05/2024", None),
    ],
)  # fmt: skip
def test_amounts_have_a_currency_or_are_called_one(text, value):
    found = one(f"I was sent {text} today", "amount", "en")
    assert (found and found.value) == value


def test_the_amount_that_the_fields_words_call_wins():
    found = one("It cost 90 EUR. My deposit was 30 EUR.", "amount", "en", words=("deposit",))
    assert found.value == "30.00 EUR"


@pytest.mark.parametrize(
    ("text", "value", "problem"),
    [
        ("IBAN FR76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189", ""),
        ("IBAN: FR76 3000 6000 0112 3456 7890 188 merci", "FR7630006000011234567890188", "checksum"),
        ("my card is 4111 1111 1111 1111", None, ""),
    ],
)
def test_ibans_are_checked(text, value, problem):
    found = one(text, "iban")
    assert (found.value, found.problem) == (value, problem) if value else found is None


@pytest.mark.parametrize(
    ("text", "pattern", "value", "problem"),
    [
        ("order number is 4711-88", "", "4711-88", ""),
        ("Bestellnummer: 2018-471331", "", "2018-471331", ""),
        ("ma commande n°A12 du 5 mai", "", "A12", ""),
        ("my order of 12 pizzas", "", None, ""),
        ("order 12.50 EUR", "", None, ""),
        ("in order to pay", "", None, ""),
        ("it says VE-123456 on the box", r"VE-\d{6}", "VE-123456", ""),
        ("order VE-12", r"VE-\d{6}", "VE-12", "format"),
    ],
)
def test_order_numbers_stand_behind_their_word_or_fit_the_customers_pattern(text, pattern, value, problem):
    found = one(text, "order_number", "en", pattern=pattern)
    assert (found.value, found.problem) == (value, problem) if value else found is None


def test_products_are_those_of_the_list_however_they_are_written():
    words = ("Vélo", "Écran Vélo 27")
    assert one("mon ECRAN  velo 27 est cassé", "product", words=words).value == "Écran Vélo 27"
    assert one("mon VELO est cassé", "product", words=words).value == "Vélo"
    assert one("développement", "product", words=("vélo",)) is None and one("any", "product") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("v2.4", "2.4"),
        ("firmware 12", "12"),
        ("running 3.2.1 here", "3.2.1"),
        ("on 12.04.2024", None),
        ("12 bikes", None),
    ],
)
def test_versions(text, value):
    found = one(text, "version", "en")
    assert (found and found.value) == value


def test_a_pattern_gives_its_group():
    assert one("case CT-55 open", "pattern", pattern=r"CT-(\d+)").value == "55"


@pytest.mark.parametrize("pattern", ["(", "x*", "a" * 501, ""])
def test_a_pattern_that_cannot_be_used_is_refused_and_finds_nothing(pattern):
    with pytest.raises(patterns.BadPattern):
        patterns.check(pattern)
    assert one("aaa", "pattern", pattern=pattern) is None


def test_a_pattern_that_runs_away_is_stopped():
    started = time.perf_counter()
    assert one("a" * 5000 + "!", "pattern", pattern=r"(?:a|aa)+$") is None
    assert time.perf_counter() - started < 5


def test_of_several_the_first_source_wins_and_each_says_where():
    sources = [Source(key, (Page(0, f"order {key}1234", "text"),)) for key in "ab"]
    found = find([Wanted("order", "order_number")], sources, "en").found[0]
    assert (found.value, found.source) == ("a1234", "a")


KINDS_AND_ALL = [
    Wanted(kind, kind, words=("Vélo",) if kind == "product" else (), pattern=r"[A-Z]+\d") for kind in KINDS
]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(FRENCH.split()), st.text(max_size=8)), max_size=30))
def test_whatever_is_written_what_is_found_stands_there(pieces):
    text = " ".join(pieces)
    for found in find(KINDS_AND_ALL, [Source("m", (Page(0, text, "text"),))], "fr").found:
        assert text[found.start : found.end] == found.raw and found.value and 0 < found.confidence <= 1


@pytest.mark.parametrize("piece", ["order ", "1 ", "a1-", "12 rue ", " ", "IBAN FR76", "5 mai ", "€1"])
def test_a_hundred_kilobytes_are_searched_in_good_time(piece):
    started = time.perf_counter()
    find(
        [wanted for wanted in KINDS_AND_ALL if wanted.kind != "phone"],
        [Source("m", (Page(0, piece * (100_000 // len(piece)), "text"),))],
        "fr",
    )
    assert time.perf_counter() - started < 30
