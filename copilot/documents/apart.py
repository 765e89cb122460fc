"""`read` in a process of its own, with little memory and little time.

Invariant: an attachment that crashes, stalls or swells its reader costs one process and gives a Document that says
so; the worker that asked goes on. Starting the process takes about a third of a second, loading OCR one more, once a
picture is met.
"""

import json
import resource
import subprocess
import sys
from dataclasses import asdict
from typing import Any

from copilot.documents import problems
from copilot.documents.kinds import kind_of
from copilot.documents.limits import Limits
from copilot.documents.types import Document, Invoice, Page

MEMORY = 3 * 1024 * 1024 * 1024  # of address space; the OCR models and a page at 150 dpi take half
_GRACE = 30.0  # seconds beyond the limit: the page that was begun before it


def read(data: bytes, name: str, declared: str = "", *, limits: Limits | None = None) -> Document:
    """As `copilot.documents.read`; a reader that broke or took too long is a problem too."""
    limits = limits or Limits()
    if len(data) > limits.bytes:
        return Document(name, kind_of(data), problem=problems.TOO_LARGE)
    head = json.dumps({"name": name, "declared": declared, "limits": asdict(limits)}).encode()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "copilot.documents.apart"], input=head + b"\n" + data,
            capture_output=True, timeout=limits.seconds + _GRACE, check=True,
        )  # fmt: skip
        return _document(json.loads(done.stdout))
    except subprocess.TimeoutExpired:
        return Document(name, kind_of(data), problem=problems.TOO_SLOW, seconds=limits.seconds + _GRACE)
    except (subprocess.CalledProcessError, ValueError):
        return Document(name, kind_of(data), problem=problems.CRASHED)


def _document(made: dict[str, Any]) -> Document:
    pages = tuple(Page(**page) for page in made.pop("pages"))
    invoice = made.pop("invoice")
    return Document(pages=pages, invoice=Invoice(**invoice) if invoice else None, **made)


def _main() -> None:
    """The process: a line of JSON and the bytes from standard input, a Document as JSON to standard output."""
    from copilot.documents.reading import read as read_here

    asked = json.loads(sys.stdin.buffer.readline())
    limits = Limits(**asked["limits"])
    seconds = int(limits.seconds + _GRACE) * 2  # of processors: OCR uses two
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # a reader writes no file; the answer goes through a pipe
    made = read_here(sys.stdin.buffer.read(), asked["name"], asked["declared"], limits=limits)
    json.dump(asdict(made), sys.stdout)


if __name__ == "__main__":
    _main()
