"""`manage.py evaluate fields`: what it counts as exact, and what it prints."""

import json

import pytest
from django.core.management import CommandError, call_command

from evaluation import slots
from evaluation.fields import normal
from tests import attachments, invoices

KEYS = {"number", "issue_date", "due_date", "seller", "buyer", "currency", "net", "vat", "total", "iban"}


def printed(capsys, *args):
    call_command("evaluate", "fields", "--json", *args)
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def folder(tmp_path):
    """A German invoice beside the gold of another one: nothing in the page is right but the currency."""
    (tmp_path / "de").mkdir()
    words, _ = invoices.GERMAN
    (tmp_path / "de" / "a.pdf").write_bytes(attachments.pdf(*words, attached={"factur-x.xml": attachments.cii()}))
    (tmp_path / "de" / "a.cii.xml").write_bytes(attachments.cii())
    (tmp_path / "alone.pdf").write_bytes(attachments.pdf((10, 10, "no gold")))
    return tmp_path


def test_data_in_the_file_is_used_or_not(folder, capsys):
    used = printed(capsys, "--data", str(folder))
    assert set(used) == {"overall", "documents", "seconds_p50"} | KEYS
    assert used["overall"] == {"exact": 1.0, "missing": 0.0, "wrong": 0.0} and used["documents"] == 1
    ignored = printed(capsys, "--data", str(folder), "--no-embedded")
    assert ignored["currency"]["exact"] == 1.0
    assert ignored["overall"] == {"exact": 0.1, "missing": 0.0, "wrong": 0.9}


def test_a_fact_that_is_not_found_is_missing(tmp_path, capsys):
    (tmp_path / "a.pdf").write_bytes(attachments.pdf((10, 10, "Facture VX-204"), (10, 20, "Total TTC  1,00 EUR")))
    (tmp_path / "a.embedded.xml").write_bytes(attachments.cii())
    found = printed(capsys, "--data", str(tmp_path))
    assert found["number"]["exact"] == 1.0 and found["iban"] == {"exact": 0.0, "missing": 1.0, "wrong": 0.0}


@pytest.mark.parametrize(
    ("name", "one", "other", "same"),
    [
        ("number", "FA 12", "fa12", True),
        ("number", "FA-12", "FA12", False),
        ("seller", "Au bon moulin SARL", "au bon  Moulin", True),
        ("seller", "Kunden A.G.", "Kunden AG", True),
        ("seller", "Au bon moulin", "Bon moulin", False),
        ("total", "12.5", "12.50", True),
        ("total", "12.51", "12.50", False),
        ("total", "-12.50", "12.50", False),
        ("issue_date", "2024-01-02", "2024-02-01", False),
    ],
)
def test_what_is_the_same(name, one, other, same):
    assert (normal(name, one) == normal(name, other)) == same


def test_a_credit_notes_sign_is_left_out():
    assert normal("total", "-12.50", unsigned=True) == normal("total", "12.50", unsigned=True)


@pytest.mark.parametrize("made", ["nothing", "no gold", "bad gold"])
def test_a_folder_without_gold_is_an_error(tmp_path, made):
    if made != "nothing":
        (tmp_path / "a.pdf").write_bytes(b"%PDF-")
    if made == "bad gold":
        (tmp_path / "a.cii.xml").write_bytes(b"<a/>")
    with pytest.raises(CommandError, match=r"gold|neither"):
        call_command("evaluate", "fields", "--data", str(tmp_path))
    with pytest.raises(CommandError, match="not a folder"):
        call_command("evaluate", "fields", "--data", str(tmp_path / "slip"))


def test_slots_are_counted_by_the_turn(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(slots, "WANTED", {"shop": (slots.Wanted("order", "order_number"),)})
    (tmp_path / "shop").mkdir()
    rows = ["order 4711\tO order", "order a 12\tO O O", "number 99\tO order", "order 815\tO O", "broken row\tO"]
    for name in slots.FILES:
        text = "utterance\tslot-labels\n" + ("\n".join(rows) if name == "train.tsv" else "")
        (tmp_path / "shop" / name).write_text(text)
    [(name, rates)] = printed(capsys, "--slots", str(tmp_path)).items()
    assert name == "shop/order"
    assert rates == {"precision": 0.5, "recall": 0.5, "gold": 2, "found": 2}


def test_slots_without_their_columns_are_an_error(tmp_path):
    with pytest.raises(CommandError, match=r"train\.tsv"):
        call_command("evaluate", "fields", "--slots", str(tmp_path))
