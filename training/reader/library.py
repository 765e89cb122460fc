"""Articles of open documentation, put together again from their sections.

Invariant: an article's Markdown holds its sections in their order, under their headings, so that the product's own
chunking cuts it as it would cut the original.
"""

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge.sources.base import Document

DEEPEST = 6
Row = Mapping[str, Any]


class Library:
    """`folder/<source>.jsonl.gz`: a JSON line for each section (path, title, heading, lang, text)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.rows = lru_cache(maxsize=4)(self._read)

    def _read(self, source: str) -> list[Row]:
        with gzip.open(self._folder / f"{source}.jsonl.gz", "rt", encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    def section(self, source: str, path: str, heading: str, nth: int = 0) -> str:
        """The text of the section (the nth of that name). Raises ValueError when there is none."""
        found = [row["text"] for row in self.rows(source) if row["path"] == path and row["heading"] == heading]
        if nth >= len(found):
            raise ValueError(f"{source}: {path} has no section {heading!r}")
        return str(found[nth])

    def articles(self, source: str) -> "Articles":
        """The source as the knowledge base reads it."""
        pages: dict[str, list[Row]] = {}
        for row in self.rows(source):
            pages.setdefault(row["path"], []).append(row)
        return Articles([_document(path, rows) for path, rows in pages.items()])


class Articles:
    """Documents in memory, as a source."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = documents

    def documents(self) -> Iterator[Document]:
        """All of them, in order."""
        return iter(self._documents)


def _document(path: str, rows: Sequence[Row]) -> Document:
    body: list[str] = []
    above: list[str] = []
    for row in rows:
        headings = [heading for heading in row["heading"].split(" > ") if heading]
        body += _opened(headings, above)
        body.append(row["text"])
        above = headings or above
    return Document(path, rows[0]["title"], "", rows[0]["lang"], "public", "\n\n".join(body))


def _opened(headings: Sequence[str], above: Sequence[str]) -> list[str]:
    """The headings that are new since the section before."""
    shared = next((n for n, pair in enumerate(zip(headings, above, strict=False)) if pair[0] != pair[1]), None)
    first = min(len(headings), len(above)) if shared is None else shared
    first = min(first, len(headings) - 1)  # the same heading twice opens it again
    return [f"{'#' * min(DEEPEST, depth + 2)} {headings[depth]}" for depth in range(max(first, 0), len(headings))]
