"""PDF to pages of text: its text layer where it has one, OCR where a page is a picture; and the invoice inside it.

Invariant: no more than the limits allow is unpacked, drawn or recognised, and a document is closed whatever happens.
PDFium is a C++ library and reads what strangers made: a hostile file may end the process (see `reading`).
"""

import ctypes
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from typing import Any, NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

from copilot.documents import glyphs, ocr, problems, xml
from copilot.documents.invoices import invoice_of
from copilot.documents.layout import arranged
from copilot.documents.limits import Limits
from copilot.documents.problems import Unreadable
from copilot.documents.types import Invoice, Page

_DPI = 150  # at which a page is drawn for OCR
_ATTACHMENTS = 20  # that are looked at; Factur-X has one
_ENOUGH = 8  # letters: a page with fewer, and something drawn on it, is a picture
_FEW = 200  # letters: a page with fewer, and an image over half of it, is one too
_OBJECTS = 500  # of a page that are looked at
_MAX_SIDE = 3000  # pixels


class Contents(NamedTuple):
    """What was read, and the code of what stopped it, if something did."""

    pages: tuple[Page, ...]
    invoice: Invoice | None
    problem: str


def contents(data: bytes, limits: Limits, deadline: float) -> Contents:
    """A PDF's pages, until a limit or `deadline` (of `time.monotonic`). Raises Unreadable where there is nothing."""
    try:
        opened = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        locked = "password" in str(error).lower() or "security" in str(error).lower()
        raise Unreadable(problems.ENCRYPTED if locked else problems.DAMAGED) from error
    with closing(opened):
        if len(opened) == 0:
            raise Unreadable(problems.DAMAGED)
        invoice = _invoice(opened, limits)
        pages, problem = _pages(opened, limits, deadline)
    if not problem and not invoice and not any(page.text for page in pages):
        problem = problems.NO_TEXT
    return Contents(tuple(pages), invoice, problem)


def _pages(opened: Any, limits: Limits, deadline: float) -> tuple[list[Page], str]:
    pages: list[Page] = []
    problem = problems.TOO_MANY_PAGES if len(opened) > limits.pages else ""
    characters, recognised = 0, 0
    for index in range(min(len(opened), limits.pages)):
        if time.monotonic() > deadline:
            return pages, problems.TOO_SLOW
        may_recognise = recognised < limits.recognised
        page = _page(opened, index, may_recognise=may_recognise)
        if page is None:
            problem = problem or (problems.DAMAGED if may_recognise else problems.TOO_MANY_PAGES)
            continue
        recognised += page.read == "ocr"
        pages.append(Page(page.number, page.text[: limits.characters - characters], page.read))
        characters += len(page.text)
        if characters >= limits.characters:
            return pages, problems.TOO_LONG
    return pages, problem


def _page(opened: Any, index: int, *, may_recognise: bool) -> Page | None:
    """None for a page that cannot be loaded, or that is a picture where no more pictures may be recognised."""
    try:
        with closing(opened[index]) as page:
            words = glyphs.words(page)
            if not _is_picture(page, sum(len(word.text) for word in words)):
                return Page(index + 1, arranged(words), "text")
            if not may_recognise:
                return None
            return Page(index + 1, arranged(ocr.words(_drawn(page)) or words), "ocr")
    except pdfium.PdfiumError:
        return None


def _is_picture(page: Any, letters: int) -> bool:
    """Next to no letters and something drawn, or few (a stamp, a scanner's name) beside an image of half the page."""
    if letters >= _FEW:
        return False
    kinds = [raw.FPDF_PAGEOBJ_IMAGE] if letters >= _ENOUGH else []
    width, height = page.get_size()
    for drawn in islice(page.get_objects(filter=kinds, max_depth=3), _OBJECTS):
        if drawn.type == raw.FPDF_PAGEOBJ_TEXT:
            continue
        left, bottom, right, top = drawn.get_bounds()
        if letters < _ENOUGH or (right - left) * (top - bottom) * 2 >= width * height:
            return True
    return False


def _drawn(page: Any) -> ocr.Pixels:
    """The page as pixels, at the resolution that OCR wants, and no more of them than a sheet of paper has."""
    scale = min(_DPI / 72, _MAX_SIDE / max(*page.get_size(), 1.0))
    with closing(page.render(scale=scale, rev_byteorder=False, no_smoothtext=False)) as bitmap:
        pixels: ocr.Pixels = bitmap.to_numpy()[:, :, :3].copy()
    return pixels


def _invoice(opened: Any, limits: Limits) -> Invoice | None:
    """The first embedded file that is an invoice; what is broken or hostile among them is passed over."""
    for data in _embedded(opened, limits):
        try:
            invoice = invoice_of(xml.parsed(data, limits))
        except Unreadable:
            continue
        if invoice:
            return invoice
    return None


def _embedded(opened: Any, limits: Limits) -> Iterator[bytes]:
    for index in range(min(opened.count_attachments(), _ATTACHMENTS)):
        try:
            attachment = opened.get_attachment(index)
            if not attachment.get_name().lower().endswith(".xml"):
                continue
            size = ctypes.c_ulong()
            raw.FPDFAttachment_GetFile(attachment, None, 0, size)
            if 0 < size.value <= limits.xml_bytes:
                yield bytes(attachment.get_data())
        except pdfium.PdfiumError:
            continue
