"""PDF to Markdown: lines to paragraphs by the space between them, larger lines to headings, page furniture dropped.

A PDF has no paragraphs, only characters at places. PDFium gives lines in reading order; a line's size is the height
of its characters' boxes, and the size that most characters have is that of the text.
"""

import ctypes
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

from knowledge.extraction.limits import MAX_CHARACTERS, MAX_PAGES, check_length
from knowledge.extraction.text import escape
from knowledge.extraction.types import CannotRead, Extracted

_ITEM = re.compile(r"^(?:[-–•▪‣◦*]|\d{1,2}[.)])\s+")
_BULLET = re.compile(r"^[–•▪‣◦*]\s+")
# A line this much taller than the text is a heading.
_HEADING = 1.15
# So many points between lines, in heights of a line, begin a paragraph.
_GAP = 0.55
_SHORT = 90


class Line(NamedTuple):
    """One line of a page: its words, the height of its characters, its top and bottom, in points from below."""

    text: str
    size: float
    top: float
    bottom: float


def document(data: bytes) -> Extracted:
    """A PDF. Raises CannotRead when it is damaged, protected by a password, scanned, or too long."""
    try:
        opened = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise CannotRead("is password-protected: save it without a password") from error
        raise CannotRead("is damaged: it does not open as a PDF") from error
    try:
        if len(opened) > MAX_PAGES:
            raise CannotRead(f"has {len(opened):,} pages, more than {MAX_PAGES:,}: split it")
        pages = _without_furniture(list(_pages(opened)))
        title = str(opened.get_metadata_dict().get("Title", "")).strip()
    finally:
        opened.close()
    if not any(pages):
        raise CannotRead("has no text: it looks scanned. Run text recognition (OCR) on it first")
    body = check_length("\n\n".join(_paragraphs(pages)))
    return Extracted(title if " " in title else "", body)


def _pages(opened: pdfium.PdfDocument) -> Iterator[list[Line]]:
    total = 0
    for number in range(len(opened)):
        page = opened[number]
        text = page.get_textpage()
        lines = list(_lines(text))
        text.close()
        page.close()
        total += sum(len(line.text) for line in lines)
        if total > MAX_CHARACTERS:
            raise CannotRead(f"holds more than {MAX_CHARACTERS:,} characters: split it")
        yield lines


def _lines(page: pdfium.PdfTextPage) -> Iterator[Line]:
    # A hyphen at a line's end that belongs to no word comes as U+0002 or U+FFFE.
    for match in re.finditer(r"[^\r\n]+", page.get_text_range()):
        words = re.sub(r"[\x02\ufffe]", "\u00ad", match[0]).replace("\xa0", " ").strip()
        if words:
            left, right = match.span()
            boxes = [box for index in {left, (left + right) // 2, right - 1} if (box := _box(page, index))]
            tops, bottoms = [box[0] for box in boxes] or [0.0], [box[1] for box in boxes] or [0.0]
            size = max((top - bottom for top, bottom in boxes), default=0.0)
            yield Line(words, round(size, 1), max(tops), min(bottoms))


def _box(page: pdfium.PdfTextPage, index: int) -> tuple[float, float] | None:
    """Top and bottom of the character's box, its font's height whichever the letter."""
    box = raw.FS_RECTF()
    found = raw.FPDFText_GetLooseCharBox(page, index, ctypes.byref(box))
    return (box.top, box.bottom) if found and box.top > box.bottom else None


def _without_furniture(pages: Sequence[list[Line]]) -> list[list[Line]]:
    """Without the lines that stand at the top or bottom of most pages, numbers aside."""
    usual = _usual_size(pages)
    edges = [[line for line in lines[:2] + lines[-2:] if not _is_heading(line, usual)] for lines in pages]
    seen = Counter(key for lines in edges for key in {_key(line) for line in lines})
    often = {key for key, count in seen.items() if len(pages) > 2 and count > len(pages) / 2}
    return [
        [
            line
            for place, line in enumerate(lines)
            if 2 <= place < len(lines) - 2 or not (line.text.isdecimal() or _key(line) in often)
        ]
        for lines in pages
    ]


def _key(line: Line) -> str:
    return re.sub(r"\d+", "0", line.text)


def _usual_size(pages: Sequence[list[Line]]) -> float:
    """The height that most characters have: that of the text."""
    sizes: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _paragraphs(pages: Sequence[list[Line]]) -> Iterator[str]:
    usual = _usual_size(pages)
    levels = sorted({line.size for lines in pages for line in lines if _is_heading(line, usual)}, reverse=True)
    written, before = "", None
    for line in (line for lines in pages for line in lines):
        heading = _is_heading(line, usual)
        if before is not None and not _goes_on(before, line, usual):
            yield written
            written = ""
        prefix = "#" * min(1 + levels.index(line.size), 4) + " " if heading and not written else ""
        written = _join(written, line.text) if written else prefix + _start(line.text)
        before = line
    yield written.replace("\u00ad", "")


def _is_heading(line: Line, usual: float) -> bool:
    return usual > 0 and line.size > usual * _HEADING and len(line.text) < _SHORT * 2


def _goes_on(before: Line, line: Line, usual: float) -> bool:
    """Whether `line` continues the paragraph that `before` ends: on the next page too, when no sentence ended."""
    if _is_heading(before, usual) != _is_heading(line, usual) or _ITEM.match(line.text):
        return False
    if _is_heading(line, usual):
        return before.size == line.size and 0 <= before.bottom - line.top < line.size
    if line.top > before.top:  # a new page or column
        return line.text[:1].islower()
    return before.bottom - line.top < _GAP * max(usual, 1) and not (
        len(before.text) < 45 and before.text.endswith((".", "!", "?"))
    )


def _start(text: str) -> str:
    return f"- {escape(_BULLET.sub('', text))}" if _BULLET.match(text) else escape(text)


def _join(written: str, text: str) -> str:
    """A word that was cut at the line's end is made whole again."""
    return written[:-1] + escape(text) if written.endswith("\u00ad") else f"{written} {escape(text)}"
