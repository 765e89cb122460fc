"""Words at places to text: lines in reading order, in which columns stay columns.

Invariant: words of one phrase are a space apart; where a column ends there are two spaces or more, and what stands
below one another on the page stands below one another in the text. A blank line is a gap between blocks.
"""

from collections.abc import Iterable, Sequence
from statistics import median
from typing import NamedTuple

_COLUMN = 0.75  # of a line's height between two words: a wider gap is a column's end
_BLOCK = 0.9  # of a line's height between two lines: a wider gap is a block's end
_MAX_COLUMNS = 240


class Word(NamedTuple):
    """A word, or a phrase, and its box; `top` is smaller than `bottom`, as on a screen."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        """How tall its line is."""
        return max(self.bottom - self.top, 0.1)

    @property
    def middle(self) -> float:
        """Where its line runs."""
        return (self.top + self.bottom) / 2


def arranged(words: Iterable[Word]) -> str:
    """The text of a page."""
    lines = _lines([word for word in words if word.text.strip()])
    if not lines:
        return ""
    cell = _cell([word for line in lines for word in line])
    margin = min(word.left for line in lines for word in line)
    written: list[str] = []
    floor = 0.0
    for line in lines:
        top = min(word.top for word in line)
        if written and top - floor > _BLOCK * median(word.height for word in line):
            written.append("")
        written.append(_written(line, margin, cell))
        floor = max(word.bottom for word in line)
    return "\n".join(written)


def _cell(words: Sequence[Word]) -> float:
    """The width of a character that most text fits in."""
    widths = [(word.right - word.left) / len(word.text) for word in words if word.right > word.left]
    return max(median(widths) * 0.9 if widths else 5.0, 0.5)


def _lines(words: Sequence[Word]) -> list[list[Word]]:
    """Words whose middles are less than half a line apart stand on one line."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.middle):
        line = lines[-1] if lines else []
        if line and word.middle - line[0].middle < 0.5 * min(word.height, line[0].height):
            line.append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: word.left) for line in lines]


def _written(line: Sequence[Word], margin: float, cell: float) -> str:
    text, right = "", 0.0
    for word in line:
        column = min(int((word.left - margin) / cell), _MAX_COLUMNS)
        if not text:
            text = " " * column
        elif word.left - right > _COLUMN * word.height:
            text = text.ljust(max(len(text) + 2, column))
        else:
            text += " "
        text += word.text
        right = word.right
    return text
