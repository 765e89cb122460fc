"""Which parser reads which file: by the ending of its name, or by the type that a server declares."""

from collections.abc import Callable
from functools import partial
from pathlib import PurePath

from knowledge.extraction import apart, html, text
from knowledge.extraction.types import CannotRead, Extracted

MARKDOWN = (".md", ".mdx", ".markdown")
_TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "text/plain": ".txt",
    "text/markdown": ".md",
}


def _apart(kind: str, data: bytes) -> Extracted:
    return Extracted(**apart.run(kind, data))


def _markdown(data: bytes) -> Extracted:
    return Extracted("", text.decode(data))


_READERS: dict[str, Callable[[bytes], Extracted]] = {
    **dict.fromkeys(MARKDOWN, _markdown),
    ".html": html.page,
    ".htm": html.page,
    ".xhtml": html.page,
    ".txt": text.plain,
    ".pdf": partial(_apart, "pdf"),
    ".docx": partial(_apart, "docx"),
}
SUFFIXES = tuple(_READERS)


def suffix_of(content_type: str) -> str:
    """The file ending that a `Content-Type` header stands for; empty when it is none that is read."""
    return _TYPES.get(content_type.partition(";")[0].strip().lower(), "")


def extract(name: str, data: bytes) -> Extracted:
    """The document in `data`, read as its `name` says. Raises CannotRead."""
    reader = _READERS.get(PurePath(name).suffix.lower())
    if reader is None:
        raise CannotRead(f"is of a kind that is not read; these are: {', '.join(SUFFIXES)}")
    return reader(data)
