"""Reading evaluation files, with errors that name the file and the line."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any


class BadData(ValueError):
    """A data file that cannot be used; the message names it, and the line where there is one."""


def json_lines(path: Path, required: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file, each with the `required` fields. Raises BadData."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield _row(path, number, line, required)
    except OSError as error:
        raise BadData(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadData(f"{path}: is not UTF-8") from error


def _row(path: Path, number: int, line: str, required: Sequence[str]) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BadData(f"{path}, line {number}: is not JSON ({error})") from error
    if not isinstance(row, dict) or any(name not in row for name in required):
        raise BadData(f"{path}, line {number}: needs the fields {', '.join(required)}")
    return row
