"""Bytes to text, and plain text to Markdown.

Invariant: no character is guessed where the file itself is broken: a text that is nearly UTF-8 is refused, not
turned into mojibake.
"""

import codecs
import re

from charset_normalizer import from_bytes

from knowledge.extraction.limits import check_length
from knowledge.extraction.types import CannotRead, Extracted

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Encodings that English and French are still found in.
_LEGACY = ["cp1252", "iso8859_15", "mac_roman", "cp850", "utf_16_le", "utf_16_be"]
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
# What Markdown would take for markup in a text that has none.
_MEANS = re.compile(r"([\\`*_<\[\]])")
_STARTS = re.compile(r"^(#{1,6}(?=\s)|>|~{3,}|\|)")


def decode(data: bytes, declared: str = "") -> str:
    """The text of `data`: by its byte order mark, as UTF-8, as `declared` says, else by what it looks like.

    Raises CannotRead when none of them gives a text without control characters.
    """
    marked = next((codec for mark, codec in _MARKS if data.startswith(mark)), "")
    for codec in (marked, "utf-8", declared):
        if codec and (text := _strict(data, codec)) is not None:
            return check_length(text)
    if b"\0" in data and _is_utf8(data):
        raise CannotRead("holds NUL characters: is it a text?")
    if re.search(r"[\x80-\U0010ffff]", data.decode("utf-8", "ignore")):
        raise CannotRead(f"is not whole UTF-8 (byte {_first_bad(data)}) although the rest is: save it anew as UTF-8")
    best = from_bytes(data, cp_isolation=_LEGACY).best()
    text = "" if best is None else str(best)
    if not text or _CONTROL.search(text):
        raise CannotRead("is in no encoding that can be told: save it as UTF-8")
    return check_length(text)


def _strict(data: bytes, codec: str) -> str | None:
    try:
        text = data.decode(codec)
    except (UnicodeDecodeError, LookupError):
        return None
    return None if "\0" in text else text


def _is_utf8(data: bytes) -> bool:
    return _first_bad(data) < 0


def _first_bad(data: bytes) -> int:
    """The place of the first byte that is not UTF-8; -1 when there is none."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return -1


def plain(data: bytes) -> Extracted:
    """A plain text as Markdown: its paragraphs, lists and underlined headings; its first short line is the title."""
    lines = [line.strip() for line in decode(data).splitlines()]
    first = next((line for line in lines if line), "")
    title = first if len(first) < 120 and not first.endswith((".", ",", ";")) else ""
    return Extracted(title, "\n".join(_hard_breaks([escape(line) for line in lines])))


def escape(line: str) -> str:
    """One line of plain text that Markdown shows as it stands; a list marker still makes a list."""
    marker, rest = re.match(r"((?:[-*+•]\s+)?)(.*)", line, re.DOTALL).groups()  # type: ignore[union-attr]
    return ("- " if marker else "") + _STARTS.sub(r"\\\1", _MEANS.sub(r"\\\1", rest))


def _hard_breaks(lines: list[str]) -> list[str]:
    """Short lines that follow one another stay lines of their own: addresses, and lists without bullets."""
    return [f"{line}  " if line and len(line) < 50 else line for line in lines]
