"""A passage's text to the units that can be quoted: sentences, list items, table rows.

Invariant: `evidence.text[unit.start:unit.end] == unit.text`, so a quotation is exact by construction.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from copilot.drafting.types import Evidence
from copilot.language.sentences import sentence_spans

_ITEM = re.compile(r"^(?P<mark>- |(?P<number>\d+)\. )")
# "It", "This": a sentence that opens so means little without the one before it.
_LEANS = re.compile(
    r"^(?:it|its|this|that|these|those|they|he|she|such|otherwise|also|then|however|in that case|if so|"
    r"il|elle|ils|elles|cela|ça|ceci|celui-ci|celle-ci|ceux-ci|dans ce cas|sinon|ensuite|cependant|toutefois|"
    r"de plus|par ailleurs)\b",
    re.IGNORECASE,
)
# "See how to…": a pointer whose link does not travel with the quotation.
_POINTS = re.compile(
    r"^(?:see|learn more|read more|check out|here['’]s|here is|voir|voici|consultez|en savoir plus|pour en savoir)\b",
    re.IGNORECASE,
)
SHORTEST = 12
Shape = Literal["sentence", "ol", "ul", "row", "code", "title"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A quotable part of evidence `evidence` (its index among the evidence), at `line` of its text."""

    evidence: int
    line: int
    start: int
    end: int
    text: str
    shape: Shape

    @property
    def leans(self) -> bool:
        """Whether it needs the sentence before it to be understood."""
        return self.shape == "sentence" and bool(_LEANS.match(self.text))

    @property
    def says_something(self) -> bool:
        """Whether it can stand in a reply: no announcement, no pointer, no crumb."""
        return not self.leads and len(self.text) > SHORTEST and not _POINTS.match(self.text)

    @property
    def leads(self) -> bool:
        """Whether it announces a list: `To change it:`."""
        return self.shape == "sentence" and self.text.endswith(":")


def units(evidence: Sequence[Evidence]) -> list[Unit]:
    """Every quotable unit of every passage, in reading order."""
    found: list[Unit] = []
    for index, passage in enumerate(evidence):
        offset = 0
        for number, line in enumerate(passage.text.split("\n")):
            found += _line_units(index, number, offset, line, passage.language)
            offset += len(line) + 1
    return found


def _line_units(evidence: int, number: int, offset: int, line: str, language: str) -> list[Unit]:
    if line.startswith("    "):
        start = offset + 4
        return [Unit(evidence, number, start, offset + len(line), line[4:], "code")] if line.strip() else []
    if line.startswith("| "):
        return [Unit(evidence, number, offset + 2, offset + len(line), line[2:], "row")]
    if match := _ITEM.match(line):
        start = match.end()
        shape: Shape = "ol" if match["number"] else "ul"
        return [Unit(evidence, number, offset + start, offset + len(line), line[start:], shape)] if line[start:] else []
    return [
        Unit(evidence, number, offset + span.start, offset + span.end, text, _prose_shape(text))
        for span in sentence_spans(line, language)
        if (text := line[span.start : span.end])
    ]


def _prose_shape(text: str) -> Shape:
    """A short line without an end mark is a title; it says what follows, not anything by itself."""
    return "sentence" if text[-1] in '.!?:…»")”;' or len(text) > 90 else "title"
