"""A walk along the chain, row by row, that says what is wrong with it.

Invariant: memory does not grow with the rows: one row is held, and what was found, of which at most MOST are named.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple

from copilot.privacy.audit.anchors import Anchor
from copilot.privacy.audit.rows import Keys, Row, canonical, is_right

Kind = Literal[
    "removed", "end_missing", "changed", "inserted", "moved", "broken", "rewritten", "unlinked", "head",
    "anchor_changed", "anchor_missing",
]  # fmt: skip
MOST = 1000
# How far from its place a row is looked for that has another position than it was hashed with.
NEAR = 500
TRIES = 200


class Place(NamedTuple):
    """A position, and the mac of the row that has it (or had it); 0 and "" before the first."""

    position: int
    mac: str


START = Place(0, "")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with positions `first` to `last`."""

    kind: Kind
    first: int
    last: int

    def __str__(self) -> str:
        where = f"position {self.first}" if self.first == self.last else f"positions {self.first} to {self.last}"
        return f"{where}: {SAID[self.kind]}"


SAID: Mapping[Kind, str] = {
    "removed": "removed",
    "end_missing": "the end of the chain is missing",
    "changed": "changed",
    "inserted": "inserted, or replaced, by someone without the key",
    "moved": "stands at another place than it was linked at",
    "broken": "does not follow the row before it",
    "rewritten": "rewritten: not what was anchored",
    "unlinked": "rows that wait for their link and were not written by Souffleur",
    "head": "the head of the chain was removed or changed",
    "anchor_changed": "the anchor was edited, or signed with another key",
    "anchor_missing": "the anchor is missing",
}


@dataclass
class Walk:
    """`read` every row in the order of positions, then `end`. `keys` may be none: then only the links are checked.

    `start` is where the chain begins: after what was pruned. `anchors` are those whose signature is right.
    """

    keys: Keys
    start: Place = START
    anchors: Sequence[Anchor] = ()
    rows: int = 0
    findings: list[Finding] = field(default_factory=list)
    unnamed: int = 0

    def __post_init__(self) -> None:
        self.at = self.start
        self._bad: Row | None = None
        self._is_copy = False  # of the row before it
        self._offset = 0
        self._tries = 0
        self._excused = False  # the row before was reported, so that its successor need not fit it
        self._contents = _Contents(self.anchors)
        self._anchored: dict[int, set[str]] = {}
        for anchor in self.anchors:
            self._anchored.setdefault(anchor.position, set()).add(anchor.mac)

    def read(self, row: Row) -> None:
        """The next row."""
        position = row.position or 0
        gap = position > self.at.position + 1
        if gap:
            self.find("removed", self.at.position + 1, position - 1)
        self._settle(None if gap else row.previous)
        if self.keys and not is_right(row, self.keys):
            self._wrong(row, position)
        else:
            if not gap and not self._excused and row.previous != self.at.mac:
                self.find("broken", position)
            self._excused = False
        self._against_anchors(row, position)
        self.at = Place(position, row.mac)
        self.rows += 1

    def end(self, head: Place | None = None) -> None:
        """There are no more rows; `head` is what the last one should be."""
        self._settle(head.mac if head else None)
        reached = max([anchor.position for anchor in self.anchors] + ([head.position] if head else []), default=0)
        if reached > self.at.position:
            self.find("end_missing", self.at.position + 1, reached)
        elif head and head.position == self.at.position and head.mac != self.at.mac and not self._excused:
            self.find("broken", head.position)

    def find(self, kind: Kind, first: int, last: int | None = None) -> None:
        """Note it; neighbours of one kind are one finding."""
        last = first if last is None else last
        before = self.findings[-1] if self.findings else None
        if before and before.kind == kind and before.last + 1 == first:
            self.findings[-1] = replace(before, last=last)
        elif before != Finding(kind, first, last):
            self._add(Finding(kind, first, last))

    def _add(self, finding: Finding) -> None:
        if len(self.findings) < MOST:
            self.findings.append(finding)
        else:
            self.unnamed += 1

    def _wrong(self, row: Row, position: int) -> None:
        self._excused = True
        if self._moved(row, position):
            self.find("moved", position)
        else:
            self._bad, self._is_copy = row, row.mac == self.at.mac

    def _settle(self, following: str | None) -> None:
        """Judge the wrong row before: when its successor still names its mac, it is the one that was linked there."""
        if self._bad is not None:
            changed = not self._is_copy and following in (None, self._bad.mac)
            self.find("changed" if changed else "inserted", self._bad.position or 0)
            self._bad = None

    def _moved(self, row: Row, position: int) -> bool:
        """Whether the row is right at another position nearby."""
        if self._offset and is_right(row._replace(position=position - self._offset), self.keys):
            return True
        if self._tries >= TRIES:
            return False
        self._tries += 1
        for offset in (sign * size for size in range(1, NEAR + 1) for sign in (1, -1)):
            if is_right(row._replace(position=position - offset), self.keys):
                self._offset = offset
                return True
        return False

    def _against_anchors(self, row: Row, position: int) -> None:
        known = self._anchored.get(position)
        wrong = bool(known) and known != {row.mac}
        for anchor in self._contents.read(row, position):
            if not any(one.last >= anchor.first for one in self.findings) and self._bad is None:
                self.find("rewritten", anchor.first, anchor.position)
                wrong = False
        if wrong and self._bad is None:
            self.find("rewritten", position)


class _Contents:
    """The hash over the rows from one anchor to the next, compared where an anchor ends."""

    def __init__(self, anchors: Iterable[Anchor]) -> None:
        self._starts: dict[int, list[Anchor]] = {}
        for anchor in anchors:
            self._starts.setdefault(anchor.first, []).append(anchor)
        self._open: list[tuple[Any, list[Anchor]]] = []

    def read(self, row: Row, position: int) -> list[Anchor]:
        """The anchors that end here and are of other rows than these."""
        if position in self._starts:
            self._open.append((hashlib.sha256(), self._starts[position]))
        differ = []
        said = canonical(row) + b"\n" if self._open else b""
        for made, anchors in self._open:
            made.update(said)
            differ += [one for one in anchors if one.position == position and one.content != made.hexdigest()]
        self._open = [one for one in self._open if any(anchor.position > position for anchor in one[1])]
        return differ
