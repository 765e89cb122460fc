"""Pictures are read: alone, and as the page of a PDF. With the real model, which comes with its package."""

import socket

import pytest

from copilot.documents import Limits, ocr, read
from copilot.documents import problems as codes
from copilot.documents.layout import Word
from tests import attachments

pytestmark = pytest.mark.integration


def no_network(*args, **kwargs):
    raise AssertionError("the network was asked for something")


def test_a_screenshot_is_read_without_a_network(monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", no_network)
    ocr._engine.cache_clear()
    document = read(attachments.picture("Facture FA-2024-118", "Échéance : 30/04/2024"), "capture.png")
    assert (document.kind, document.problem, document.pages[0].read) == ("image", "", "ocr")
    first, second = document.pages[0].text.splitlines()[0], document.pages[0].text.splitlines()[-1]
    assert "FA-2024-118" in first and "30/04/2024" in second


def test_a_scanned_page_is_read_and_one_with_text_is_not_recognised():
    document = read(attachments.scanned("Invoice 4711", "Total 12.50"), "scan.pdf")
    assert document.pages[0].read == "ocr" and "4711" in document.pages[0].text


def test_only_so_many_pages_are_recognised(monkeypatch):
    monkeypatch.setattr(ocr, "words", lambda picture: [Word("seen", 0, 10, 0, 10)])
    document = read(attachments.scanned("Invoice 4711"), "scan.pdf", limits=Limits(recognised=0))
    assert (document.pages, document.problem) == ((), codes.TOO_MANY_PAGES)


def test_a_picture_without_words_says_so(monkeypatch):
    monkeypatch.setattr(ocr, "words", lambda picture: [])
    assert read(attachments.picture(), "photo.jpg").problem == codes.NO_TEXT


def test_a_short_text_layer_is_kept_where_nothing_is_recognised(monkeypatch):
    monkeypatch.setattr(ocr, "words", lambda picture: [])
    assert read(attachments.pdf((10, 10, "Hi")), "a.pdf").pages[0].text == "Hi"
