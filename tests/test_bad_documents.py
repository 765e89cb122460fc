"""Bad attachments: each is bounded, none raises, and each says what is wrong by a code."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from copilot.documents import Limits, apart, read
from copilot.documents import problems as codes
from tests import attachments

GOOD = attachments.pdf((10, 10, "Invoice 4711"), attached={"factur-x.xml": attachments.cii()})
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l "ha">'
    + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%s;" % (str(n - 1).encode() if n else b"") * 10) for n in range(9))
    + b"]><a>&l8;</a>"
)
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


def zipped(name, size):
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, b"0" * size)
    return buffer.getvalue()


@pytest.mark.parametrize("data", [b"", b" \r\n\t"])
def test_nothing(data):
    assert read(data, "a.pdf").problem == codes.EMPTY


def test_too_many_bytes_are_not_opened():
    assert read(GOOD, "a.pdf", limits=Limits(bytes=100)).problem == codes.TOO_LARGE
    assert apart.read(GOOD, "a.pdf", limits=Limits(bytes=100)).problem == codes.TOO_LARGE


def test_a_zip_bomb_is_an_archive_and_stays_closed():
    document = read(zipped("a.txt", 50_000_000), "photos.zip")
    assert (document.kind, document.problem, document.pages) == ("archive", codes.ARCHIVE, ())


def test_an_office_file_is_no_archive_to_the_one_who_sent_it():
    assert read(zipped("word/document.xml", 10), "letter.docx").problem == codes.UNSUPPORTED


@pytest.mark.parametrize(
    ("data", "name", "declared", "kind"),
    [
        (GOOD, "photo.png", "", "pdf"),
        (GOOD, "photo", "image/png; q=1", "pdf"),
        (b"MZ\x90\x00\x03\x00\x00\x00", "invoice.pdf", "", "unknown"),
        (zipped("a", 10), "invoice.pdf", "", "archive"),
        (b"Just words", "scan.png", "", "text"),
    ],
)
def test_an_attachment_that_lies_about_its_type(data, name, declared, kind):
    document = read(data, name, declared)
    assert (document.kind, document.problem) == (kind, codes.NOT_WHAT_IT_SAYS)
    assert bool(document.pages) == (kind in ("pdf", "text"))


def test_xml_that_is_called_text_lies_to_nobody():
    assert read(attachments.cii(), "invoice.txt").problem == ""


def test_five_hundred_pages_are_read_in_part():
    document = read(attachments.pdf((10, 10, "A page of words"), pages=500), "a.pdf")
    assert (len(document.pages), document.problem) == (20, codes.TOO_MANY_PAGES)
    assert document.pages[19].number == 20


def test_more_characters_than_are_kept_are_cut():
    for data, name in ((attachments.pdf((10, 10, "word " * 20), pages=5), "a.pdf"), (b"word " * 100, "a.txt")):
        document = read(data, name, limits=Limits(characters=150))
        assert document.problem == codes.TOO_LONG and sum(len(page.text) for page in document.pages) <= 150


def test_an_encrypted_pdf_asks_for_a_password_we_do_not_have():
    document = read(attachments.pdf((10, 10, "secret"), password="pw"), "a.pdf")
    assert (document.kind, document.problem, document.pages) == ("pdf", codes.ENCRYPTED, ())


def test_no_page_is_begun_when_the_time_is_up():
    document = read(attachments.pdf((10, 10, "words"), pages=3), "a.pdf", limits=Limits(seconds=0))
    assert (document.problem, document.pages) == (codes.TOO_SLOW, ())


@pytest.mark.parametrize("data", [GOOD[:200], b"%PDF-1.7\n" + b"\x00" * 500])
def test_a_truncated_pdf_is_damaged(data):
    assert read(data, "a.pdf").problem == codes.DAMAGED


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_a_truncated_picture_is_damaged(kind):
    data = attachments.picture("words", kind=kind)
    assert read(data[: len(data) // 3], "a").problem == codes.DAMAGED


def test_a_picture_of_too_many_pixels_is_not_unpacked():
    bomb = attachments.saved(Image.new("1", (20_000, 20_000)))
    assert len(bomb) < 100_000
    assert read(bomb, "a.png").problem == codes.TOO_MANY_PIXELS


@pytest.mark.parametrize("data", [OUTSIDE, LAUGHS, OUTSIDE.decode().encode("utf-16")])
def test_xml_with_entities_is_refused_and_reaches_nothing(data):
    document = read(data, "a.xml")
    assert document.problem in (codes.UNSAFE, codes.DAMAGED)
    assert (document.pages, document.invoice) == ((), None)


@pytest.mark.parametrize("data", [attachments.cii()[:-40], b"<?xml version='1.0'?>" + b"<a>" * 5000])
def test_xml_that_is_cut_short_or_too_deep_is_damaged(data):
    assert read(data, "a.xml").problem == codes.DAMAGED


def test_a_hostile_file_inside_a_pdf_leaves_its_pages_readable():
    data = attachments.pdf((10, 10, "Invoice 4711"), attached={"factur-x.xml": LAUGHS, "b.xml": b"<a", "c.exe": b"MZ"})
    document = read(data, "a.pdf")
    assert (document.invoice, document.problem) == (None, "")
    assert "4711" in document.pages[0].text


def test_an_embedded_file_that_is_too_large_is_passed_over():
    data = attachments.pdf((10, 10, "Invoice 4711"), attached={"factur-x.xml": attachments.cii()})
    assert read(data, "a.pdf").invoice
    assert not read(data, "a.pdf", limits=Limits(xml_bytes=500)).invoice


def test_a_reader_that_stalls_costs_one_process(monkeypatch):
    """A page of two megabytes of rectangles, in seven kilobytes."""
    monkeypatch.setattr(apart, "_GRACE", -0.9)
    data = attachments.swollen(b"0 0 10 10 re f\n" * 2_000_000)
    assert len(data) < 100_000
    assert apart.read(data, "a.pdf", limits=Limits(seconds=1)).problem == codes.TOO_SLOW


def test_a_reader_that_dies_costs_one_process(monkeypatch):
    monkeypatch.setattr(apart, "MEMORY", 1024)
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setattr(apart.sys, "executable", "/bin/false")
    assert apart.read(GOOD, "a.pdf").problem == codes.CRASHED


def test_a_process_of_its_own_gives_the_same_document():
    assert apart.read(GOOD, "a.pdf") == read(GOOD, "a.pdf")


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(
        [
            b"",
            b"%PDF-1.4\n",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff\xe0",
            b"GIF89a",
            b"<?xml version='1.0'?><",
            b"PK\x03\x04",
        ]
    ),
    st.binary(max_size=400),
)
def test_reading_never_raises(head, data):
    assert read(head + data, "a.pdf").problem in (*codes.PROBLEMS, "")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=8))
def test_reading_never_raises_for_a_pdf_with_wrong_bytes(place, wrong):
    assert read(GOOD[:place] + wrong + GOOD[place + len(wrong) :], "a.pdf").problem in (*codes.PROBLEMS, "")
