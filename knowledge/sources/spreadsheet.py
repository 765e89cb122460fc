"""A spreadsheet of questions and answers: CSV or XLSX, one article a row.

Columns, in English or French, in any order: question and answer; optionally id, language, section, visibility, url.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from copilot.language.detect import detect
from copilot.language.words import LANGUAGES
from knowledge.extraction import apart, limits, sheets
from knowledge.extraction.text import escape
from knowledge.extraction.types import CannotRead
from knowledge.sources.base import VISIBILITIES, Document, Item, SourceMissing, Unreadable

_NAMES = {
    "question": ("question", "questions", "title", "titre", "intitulé"),
    "answer": ("answer", "answers", "réponse", "réponses", "reponse", "response"),
    "id": ("id", "identifier", "identifiant", "ref", "référence"),
    "language": ("language", "lang", "langue"),
    "section": ("section", "category", "catégorie", "rubrique", "theme", "thème"),
    "visibility": ("visibility", "visibilité"),
    "url": ("url", "link", "lien", "address"),
}
_NEEDED = ("question", "answer")


class Spreadsheet:
    """Every row with a question; a row's `id`, or else its question, is its stable name.

    `data` is the file's content where it was uploaded; `path` is then its name alone.
    """

    def __init__(self, path: Path, megabytes: float = limits.DOCUMENT_MB, data: bytes | None = None) -> None:
        self.path = path
        self._megabytes = megabytes
        self._data = data

    def documents(self) -> Iterator[Item]:
        """One article a row. Raises SourceMissing when the file cannot be read or lacks a column."""
        rows = self._rows()
        columns = _columns(self.path.name, rows[0] if rows else [])
        seen: set[str] = set()
        for number, row in enumerate(rows[1:], 2):
            if any(row):
                cells = {name: row[place] if place < len(row) else "" for name, place in columns.items()}
                item = _item(number, cells)
                if item.external_id in seen:
                    item = Unreadable(item.external_id, f"stands twice; row {number} is left out")
                seen.add(item.external_id)
                yield item

    def _rows(self) -> Sequence[sheets.Row]:
        try:
            data = limits.read(self.path, self._megabytes) if self._data is None else self._data
            if self.path.suffix.lower() == ".xlsx":
                rows: list[sheets.Row] = apart.run("xlsx", data)
                return rows
            return sheets.comma_separated(data)
        except OSError as error:
            raise SourceMissing(f"{self.path}: {error.strerror or error}") from error
        except CannotRead as error:
            raise SourceMissing(f"{self.path.name} {error}") from error


def _columns(file: str, header: sheets.Row) -> Mapping[str, int]:
    named = [cell.strip().lower() for cell in header]
    columns = {
        column: next(place for place, cell in enumerate(named) if cell in names)
        for column, names in _NAMES.items()
        if any(cell in names for cell in named)
    }
    if missing := [column for column in _NEEDED if column not in columns]:
        has = ", ".join(cell for cell in header if cell) or "none"
        raise SourceMissing(f"{file} has no column {' and none '.join(missing)} in its first row; it has: {has}")
    return columns


def _item(number: int, cells: Mapping[str, str]) -> Document | Unreadable:
    question, answer = cells["question"], cells["answer"]
    name = cells.get("id") or hashlib.sha256(" ".join(question.lower().split()).encode()).hexdigest()[:16]
    if not question or not answer:
        return Unreadable(
            name if question else f"row {number}", f"row {number} has no {'answer' if question else 'question'}"
        )
    visibility = cells.get("visibility", "").lower() or "public"
    if visibility not in VISIBILITIES:
        return Unreadable(name, f"row {number}: visibility {visibility!r} is neither public nor internal")
    language = cells.get("language", "").lower()[:2]
    return Document(
        external_id=name, title=question, section=cells.get("section", ""),
        language=language if language in LANGUAGES else str(detect(f"{question} {answer}")),
        visibility=visibility, body=_body(answer), address=cells.get("url", ""),
    )  # fmt: skip


def _body(answer: str) -> str:
    """A cell's lines stay lines."""
    return "  \n".join(escape(line.strip()) if line.strip() else "\n" for line in answer.splitlines())
