"""`read`: an attachment's bytes to a Document.

Invariant: it raises for nothing that is in the bytes, and is done soon after `Limits.seconds`: what could not be
read is a code of `problems`. One thing it cannot promise: PDFium and the picture decoders are C and C++, and a file
made to break them may end the process, or keep it busy on one page. A worker that reads what strangers send calls
`copilot.documents.apart.read`, which does the same in a process of its own with little memory and time.
"""

import time
from collections.abc import Callable

from copilot.documents import images, problems, xml
from copilot.documents.invoices import invoice_of
from copilot.documents.kinds import OFFICE, kind_of, says
from copilot.documents.limits import Limits
from copilot.documents.problems import Unreadable
from copilot.documents.types import Document, Invoice, Kind, Page

_Contents = tuple[tuple[Page, ...], Invoice | None, str]


def read(data: bytes, name: str, declared: str = "", *, limits: Limits | None = None) -> Document:
    """The text, and the invoice if it is one, of an attachment called `name` and `declared` to be of a media type."""
    limits = limits or Limits()
    started = time.monotonic()
    kind = kind_of(data)
    try:
        pages, invoice, problem = _contents(data, name, kind, limits, started + limits.seconds)
    except Unreadable as error:
        pages, invoice, problem = (), None, error.code
    except (RecursionError, MemoryError):
        pages, invoice, problem = (), None, problems.CRASHED
    problem = _lie(kind, name, declared, problem) or problem
    return Document(name, kind, pages, invoice, problem, time.monotonic() - started)


def _contents(data: bytes, name: str, kind: Kind, limits: Limits, deadline: float) -> _Contents:
    if not data.strip():
        raise Unreadable(problems.EMPTY)
    if len(data) > limits.bytes:
        raise Unreadable(problems.TOO_LARGE)
    if kind == "archive":
        is_office = name.lower().endswith(tuple(OFFICE))
        raise Unreadable(problems.UNSUPPORTED if is_office else problems.ARCHIVE)
    readers: dict[Kind, Callable[[bytes, Limits, float], _Contents]] = {
        "pdf": _pdf, "image": _image, "xml": _xml, "text": _text,
    }  # fmt: skip
    if kind not in readers:
        raise Unreadable(problems.UNSUPPORTED)
    return readers[kind](data, limits, deadline)


def _lie(kind: Kind, name: str, declared: str, problem: str) -> str:
    """Said of a file that claims another kind; a reason for which it was read in part only is more useful."""
    claimed = says(name, declared)
    harmless = problem in ("", problems.UNSUPPORTED, problems.ARCHIVE, problems.NO_TEXT)
    related = {claimed, kind} == {"xml", "text"}
    return problems.NOT_WHAT_IT_SAYS if claimed and claimed != kind and harmless and not related else ""


def _pdf(data: bytes, limits: Limits, deadline: float) -> _Contents:
    from copilot.documents import pdf

    return pdf.contents(data, limits, deadline)


def _image(data: bytes, limits: Limits, deadline: float) -> _Contents:
    return images.pages(data, limits), None, ""


def _xml(data: bytes, limits: Limits, deadline: float) -> _Contents:
    root = xml.parsed(data, limits)
    text = xml.text_of(root)
    page = Page(1, text[: limits.characters], "xml")
    return (page,), invoice_of(root), problems.TOO_LONG if len(text) > limits.characters else ""


def _text(data: bytes, limits: Limits, deadline: float) -> _Contents:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    text = data[: limits.characters * 4].decode(encoding, "replace")
    page = Page(1, text[: limits.characters], "text")
    return (page,), None, problems.TOO_LONG if len(text) > limits.characters else ""
