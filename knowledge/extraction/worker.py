"""The process that `apart` starts: reads a file from standard input, writes JSON to standard output."""

import json
import resource
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from knowledge.extraction.apart import MEMORY, SECONDS
from knowledge.extraction.types import CannotRead


def _parser(kind: str) -> Callable[[bytes], Any]:
    """Each imports its own library, and none that it does not need."""
    if kind == "pdf":
        from knowledge.extraction import pdf

        return lambda data: asdict(pdf.document(data))
    if kind == "docx":
        from knowledge.extraction import docx

        return lambda data: asdict(docx.document(data))
    from knowledge.extraction import sheets

    return sheets.workbook


def main(kind: str) -> None:
    """Parse what comes on standard input. A parser that breaks ends the process with an error, unread."""
    parse = _parser(kind)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # a parser writes no file; the answer goes through a pipe
    try:
        answer = {"made": parse(sys.stdin.buffer.read())}
    except CannotRead as error:
        answer = {"refused": str(error)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
