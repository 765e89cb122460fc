"""A folder as a source: every readable file is a document, every other one says why not."""

import pytest

from knowledge.sources.base import Document, SourceMissing, Unreadable
from knowledge.sources.folder import Folder


def read(tmp_path, **files):
    for name, content in files.items():
        path = tmp_path / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".md").write_bytes(content if isinstance(content, bytes) else content.encode())
    return {document.external_id: document for document in Folder(tmp_path).documents()}


def test_front_matter_is_read(tmp_path):
    text = "---\ntitle: Refunds\nlang: fr\nvisibility: internal\nsection: Billing\n---\nBody."
    [document] = read(tmp_path, refund=text).values()
    assert document == Document("refund.md", "Refunds", "Billing", "fr", "internal", "Body.")


def test_without_front_matter_title_and_language_are_found(tmp_path):
    found = read(tmp_path, fr__page="# Bonjour\n\nTexte.", my_page="Some English text about the delivery of parcels.")
    assert (found["fr/page.md"].title, found["fr/page.md"].language) == ("Bonjour", "fr")
    assert (found["my_page.md"].title, found["my_page.md"].language) == ("My_page", "en")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("caf\u00e9 ".encode() + b"\xff bad", "UTF-8"),
        ("---\ntitle: [unclosed\n---\nBody", "parsing"),
        ("---\nvisibility: secret\n---\nBody", "neither public nor internal"),
    ],
)
def test_an_unreadable_file_says_why_and_stops_nothing(tmp_path, content, reason):
    found = read(tmp_path, bad=content, good="Good text.")
    assert isinstance(found["bad.md"], Unreadable) and reason in found["bad.md"].reason
    assert isinstance(found["good.md"], Document)


def test_a_missing_folder_is_an_error_of_its_own(tmp_path):
    with pytest.raises(SourceMissing):
        list(Folder(tmp_path / "none").documents())


def test_the_fingerprint_follows_what_a_reader_sees(tmp_path):
    one = Document("a.md", "T", "", "en", "public", "Body")
    assert one.fingerprint == Document("a.md", "T", "", "en", "public", "Body").fingerprint
    assert one.fingerprint != Document("a.md", "T", "", "en", "internal", "Body").fingerprint
