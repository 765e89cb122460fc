"""Tickets to try, from a file.

Invariant: nothing is started before what it is to be tried on could be read; so there is no Django in here.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from copilot.language.detect import detect
from demo.console import Failed

SAMPLES = Path(__file__).resolve().parent.parent / "samples"


def readable(kb: Path | None, tickets: Path | None) -> list[dict[str, Any]]:
    """The tickets of the file, or the samples. Raises Failed when `kb` is no folder or a ticket cannot be read."""
    if kb is not None and not kb.is_dir():
        raise Failed(f"KB: {kb} is not a folder")
    return list(read_tickets(tickets or SAMPLES / "incoming.jsonl"))


def read_tickets(path: Path) -> Iterator[dict[str, Any]]:
    """The tickets of a JSON Lines file: `subject`, `body`, and `lang` or what the text looks like. Raises Failed."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Failed(f"TICKETS: {path} cannot be read ({error})") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _ticket(path, number, line)


def _ticket(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
        text = f"{row['subject']}\n{row['body']}"
    except (ValueError, KeyError, TypeError) as error:
        raise Failed(f"TICKETS: {path}, line {number}: needs a JSON object with subject and body") from error
    return {"id": f"{path.stem}-{number}", "lang": detect(text), **row}
