"""Labelled tickets: what was asked, and which words of which article answer it.

Invariant: a label points at published text by its place and a hash; where the text has changed since, the label is
refused, never moved.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from training.reader.library import Library

Kind = Literal["answerable", "unanswerable", "lookup", "not_a_question"]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an article (`page` is its path) that belong into the answer."""

    page: str
    text: str


@dataclass(frozen=True, slots=True)
class Example:
    """A ticket about `source`; without quotes nothing there answers it."""

    id: str
    source: str
    language: str
    subject: str
    body: str
    kind: Kind
    quotes: tuple[Quote, ...] = ()


def examples(folder: Path, library: Library) -> list[Example]:
    """Every ticket of `folder/*.jsonl`. Raises ValueError for a label whose text is not there, FileNotFoundError."""
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise FileNotFoundError(f"{folder} has no .jsonl file of labelled tickets")
    return [_example(row, library) for path in files for row in _rows(path)]


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def _example(row: Mapping[str, Any], library: Library) -> Example:
    quotes = tuple(_quote(row["source"], gold, library) for gold in row.get("gold", ()))
    return Example(
        id=row["id"], source=row["source"], language=row["lang"], subject=row["subject"], body=row["body"],
        kind=row["kind"], quotes=quotes,
    )  # fmt: skip


def _quote(source: str, gold: Mapping[str, Any], library: Library) -> Quote:
    text = library.section(source, gold["path"], gold["heading"], gold.get("nth", 0))[gold["start"] : gold["end"]]
    if digest(text) != gold["sha"]:
        raise ValueError(f"{source}: {gold['path']} › {gold['heading']} no longer holds the words that were labelled")
    return Quote(gold["path"], text)


def digest(text: str) -> str:
    """Eight hexadecimal digits that name a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def by_source(found: Sequence[Example]) -> dict[str, list[Example]]:
    """The examples of each source, sources in alphabetical order."""
    return {source: [one for one in found if one.source == source] for source in sorted({one.source for one in found})}
