"""What reading an attachment gives: its text as it stands on the page, and the kind that its bytes are."""

import pytest

from copilot.documents import read
from copilot.documents.kinds import kind_of
from copilot.documents.layout import Word, arranged
from tests import attachments


def lines(document):
    return [line.split("  ") for line in document.pages[0].text.splitlines()]


def test_columns_stay_columns_and_rows_stay_rows():
    data = attachments.pdf(
        (120, 30, "Total TTC"), (10, 20, "Seller Ltd"), (160, 30, "1 234,50 €"), (120, 20, "Buyer"), (10, 30, "Leeds")
    )
    document = read(data, "a.pdf")
    assert (document.kind, document.problem, document.pages[0].read) == ("pdf", "", "text")
    rows = [[cell.strip() for cell in line if cell.strip()] for line in lines(document) if any(line)]
    assert rows == [["Seller Ltd", "Buyer"], ["Leeds", "Total TTC", "1 234,50 €"]]
    first, second = (line for line in document.pages[0].text.splitlines() if line.strip())
    assert abs(first.index("Buyer") - second.index("Total")) <= 1


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_turned_page_is_read_as_it_is_seen(turned):
    data = attachments.pdf((10, 30, "alpha one"), (100, 30, "beta"), (10, 90, "gamma"), turned=turned)
    rows = [line.split("  ") for line in read(data, "a.pdf").pages[0].text.splitlines() if line.strip()]
    assert [[cell.strip() for cell in row if cell] for row in rows] == [["alpha one", "beta"], ["gamma"]]


def test_a_wide_gap_between_lines_begins_a_block():
    words = [Word("one", 0, 20, 0, 10), Word("two", 0, 20, 12, 22), Word("three", 0, 30, 50, 60)]
    assert arranged(words) == "one\ntwo\n\nthree"


def test_a_word_far_off_the_page_does_not_make_a_line_of_a_million_spaces():
    assert len(arranged([Word("a", 0, 5, 0, 10), Word("b", 1e9, 1e9 + 5, 0, 10)])) < 1000


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (attachments.pdf((10, 10, "x")), "pdf"),
        (b"\n\njunk %PDF-1.7 ...", "pdf"),
        (attachments.picture("x"), "image"),
        (attachments.picture("x", kind="JPEG"), "image"),
        (attachments.picture("x", kind="WEBP"), "image"),
        (attachments.picture("x", kind="TIFF"), "image"),
        (attachments.cii(), "xml"),
        (attachments.ubl().decode().encode("utf-16"), "xml"),
        (b"PK\x03\x04\x14\x00\x00\x00\x00\x00abc", "archive"),
        (b"\x1f\x8b\x08\x00\x00\x00", "archive"),
        ("Héllo\nà tous".encode(), "text"),
        ("\ufeffHéllo".encode("utf-16"), "text"),
        (b"\x00\x01\x02\x03" * 50, "unknown"),
        (b"MZ\x90\x00\x03\x00\x00\x00", "unknown"),
    ],
)
def test_bytes_are_what_they_are(data, kind):
    assert kind_of(data) == kind


def test_a_text_is_read_in_its_encoding():
    assert read("Numéro 12".encode("utf-16"), "a.txt").pages[0].text == "\ufeffNuméro 12".lstrip("\ufeff")
    assert read("Numéro 12".encode(), "a.log").pages[0].text == "Numéro 12"
