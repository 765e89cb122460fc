"""Pages of text as rows of cells: what two spaces or more keep apart, as `copilot.documents.layout` writes it.

Invariant: a cell is `page.text[start:end]`, and its columns are those of its line, so that what stands below one
another in the text stands below one another here. Rows are numbered through all pages; a blank line is a row.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from copilot.documents.types import Page
from copilot.triage.fields.matches import folded

_CELL = re.compile(r"\S+(?: \S+)*")
_MAX_ROWS: Final = 4000
_NEAR: Final = 3  # rows, blank ones too, in which the cell below is looked for


@dataclass(frozen=True, slots=True)
class Cell:
    """A phrase at a place; `plain` is its text folded, character for character."""

    text: str
    plain: str
    page: int
    row: int
    start: int
    left: int

    @property
    def right(self) -> int:
        """The column after its last."""
        return self.left + len(self.text)

    def overlaps(self, other: "Cell", slack: int = 1) -> bool:
        """Whether the two share a column, or all but."""
        return self.left < other.right + slack and other.left < self.right + slack


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of all pages."""

    rows: tuple[tuple[Cell, ...], ...]

    def cells(self) -> Iterator[Cell]:
        """Each cell, in reading order."""
        for row in self.rows:
            yield from row

    def right_of(self, cell: Cell) -> list[Cell]:
        """The cells on its row that follow it."""
        return [other for other in self.rows[cell.row] if other.left > cell.left]

    def left_of(self, cell: Cell) -> list[Cell]:
        """The cells on its row in front of it."""
        return [other for other in self.rows[cell.row] if other.left < cell.left]

    def below(self, cell: Cell, near: int = _NEAR, slack: int = 1) -> list[Cell]:
        """The cells in its columns on the next rows of its page, the nearest first."""
        rows = self.rows[cell.row + 1 : cell.row + 1 + near]
        return [other for row in rows for other in row if other.page == cell.page and other.overlaps(cell, slack)]

    def above(self, cell: Cell) -> Cell | None:
        """The cell that begins in its column on the row before."""
        row = self.rows[cell.row - 1] if cell.row else ()
        return next((other for other in row if other.page == cell.page and abs(other.left - cell.left) <= 2), None)


def grid(pages: Sequence[Page]) -> Grid:
    """The cells of `pages`."""
    rows: list[tuple[Cell, ...]] = []
    for page in pages:
        start = 0
        for line in page.text.split("\n"):
            if len(rows) == _MAX_ROWS:
                return Grid(tuple(rows))
            plain, number = folded(line.replace("\xa0", " ").replace("\t", " ")), len(rows)
            rows.append(
                tuple(
                    Cell(line[m.start() : m.end()], m[0], page.number, number, start + m.start(), m.start())
                    for m in _CELL.finditer(plain)
                )
            )
            start += len(line) + 1
    return Grid(tuple(rows))
