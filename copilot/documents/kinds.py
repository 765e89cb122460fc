"""What bytes are, whatever their name says."""

import unicodedata
from typing import Final

import puremagic

from copilot.documents.types import Kind

_ARCHIVES: Final = frozenset(
    [".zip", ".gz", ".rar", ".7z", ".bz2", ".bzip2", ".tar.bz2", ".xz", ".tar", ".cab", ".zst"]
)
_IMAGES: Final = frozenset([".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".gif", ".webp", ".tiff", ".tif", ".bmp"])
_TEXTS: Final = frozenset([".txt", ".csv", ".log", ".md", ".json", ".ini", ".conf", ".yaml", ".yml", ".eml", ".html"])
# Office files are ZIP archives of XML; their name tells them from other archives.
OFFICE: Final = frozenset([".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".docm", ".xlsm"])
_HEAD = 4096  # bytes that are looked at
_PDF_WITHIN = 1024  # readers accept a header that is not the first thing in a file


def kind_of(data: bytes) -> Kind:
    """The kind of `data`, by its first bytes."""
    head = data[:_HEAD]
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return "pdf"
    suffixes = _suffixes(head)
    if suffixes & _ARCHIVES:
        return "archive"
    if suffixes & _IMAGES:
        return "image"
    if _is_xml(head):
        return "xml"
    return "text" if not suffixes - _TEXTS and _is_text(head) else "unknown"


def _suffixes(head: bytes) -> set[str]:
    try:
        return {match.extension for match in puremagic.magic_string(head) if match.confidence >= 0.2}
    except (puremagic.PureError, ValueError):
        return set()


def _is_xml(head: bytes) -> bool:
    """A declaration, or a namespaced root; HTML and bare fragments are text."""
    text = _decoded(head).lstrip("\ufeff \t\r\n")
    return text.startswith("<?xml") or (text.startswith("<") and "xmlns" in text and "<html" not in text.lower())


def _decoded(head: bytes) -> str:
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    return head.decode(encoding, "replace")


def _is_text(head: bytes) -> bool:
    """Next to no control characters, once decoded."""
    text = _decoded(head)
    odd = sum(unicodedata.category(character) == "Cc" and character not in "\t\r\n\f" for character in text)
    return "\0" not in text and odd * 50 <= len(text)


def says(name: str, declared: str) -> Kind | None:
    """The kind that a name, or else a declared media type, claims; None where neither says one that is known."""
    suffix = f".{name.lower().rpartition('.')[2]}" if "." in name else ""
    media = declared.partition(";")[0].strip().lower()
    if suffix == ".pdf" or (not suffix and media == "application/pdf"):
        return "pdf"
    if suffix in _IMAGES or (not suffix and media.startswith("image/")):
        return "image"
    if suffix == ".xml" or (not suffix and media in ("application/xml", "text/xml")):
        return "xml"
    if suffix in _TEXTS or (not suffix and media == "text/plain"):
        return "text"
    return "archive" if suffix in _ARCHIVES | OFFICE else None
