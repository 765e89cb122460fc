"""The characters of a PDF's page as words at places, the page turned as a reader sees it.

Invariant: a word is characters that touch; which belong together is decided by where they stand, not by the order in
which the file draws them.
"""

import ctypes
from collections.abc import Iterator
from contextlib import closing
from typing import Any, NamedTuple

from pypdfium2 import raw

from copilot.documents.layout import Word

_MAX_CHARACTERS = 100_000  # of one page
_TOUCHING = 0.3  # of a character's height: a wider gap is a space
_HYPHENS = {0x02: "-", 0xFFFE: "-", 0xA0: " ", 0xAD: "-"}


class _Glyph(NamedTuple):
    text: str
    left: float
    right: float
    top: float
    bottom: float


def words(page: Any) -> list[Word]:
    """The words of a page of pypdfium2."""
    found: list[Word] = []
    held: list[_Glyph] = []
    for glyph in _glyphs(page):
        if held and not (glyph and _touch(held[-1], glyph)):
            found.append(_word(held))
            held = []
        if glyph:
            held.append(glyph)
    return [*found, _word(held)] if held else found


def _touch(before: _Glyph, glyph: _Glyph) -> bool:
    height = max(before.bottom - before.top, 0.1)
    apart = abs((before.top + before.bottom) - (glyph.top + glyph.bottom)) / 2
    return apart < height / 2 and -height < glyph.left - before.right < _TOUCHING * height


def _word(glyphs: list[_Glyph]) -> Word:
    return Word(
        "".join(glyph.text for glyph in glyphs),
        min(glyph.left for glyph in glyphs),
        max(glyph.right for glyph in glyphs),
        min(glyph.top for glyph in glyphs),
        max(glyph.bottom for glyph in glyphs),
    )


def _glyphs(page: Any) -> Iterator[_Glyph | None]:
    """Each character with its box; None for a space, and for a character that has no place."""
    turned: int = page.get_rotation()
    width, height = page.get_size()
    box, lead = raw.FS_RECTF(), 0
    with closing(page.get_textpage()) as text:
        for index in range(min(text.count_chars(), _MAX_CHARACTERS)):
            code = raw.FPDFText_GetUnicode(text, index)
            if 0xD800 <= code < 0xDC00:  # the first half of a character beyond the basic plane
                lead = code
                continue
            if lead and 0xDC00 <= code < 0xE000:
                code = 0x10000 + ((lead - 0xD800) << 10) + (code - 0xDC00)
            lead = 0
            letter = _HYPHENS.get(code) or _letter(code)
            if letter.isspace() or not raw.FPDFText_GetLooseCharBox(text, index, ctypes.byref(box)):
                yield None
            else:
                yield _Glyph(letter, *_seen(box, turned, width, height))


def _letter(code: int) -> str:
    """Control characters, halves of pairs and what is beyond Unicode are space."""
    return chr(code) if 0x20 <= code < 0xD800 or 0xE000 <= code < 0x110000 else " "


def _seen(box: Any, turned: int, width: float, height: float) -> tuple[float, float, float, float]:
    """Left, right, top and bottom on the page as shown; `width` and `height` are the shown page's."""
    if turned == 90:
        return box.bottom, box.top, box.left, box.right
    if turned == 180:
        return width - box.right, width - box.left, box.bottom, box.top
    if turned == 270:
        return width - box.top, width - box.bottom, height - box.right, height - box.left
    return box.left, box.right, height - box.top, height - box.bottom
