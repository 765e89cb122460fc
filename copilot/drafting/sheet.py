"""Everything that a reader looks at for one ticket: needs, passages, units, and their vectors.

Invariant: units stand in reading order, passage by passage; every array over units has one row for each of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from copilot.drafting.memory import memory_of
from copilot.drafting.needs import Needs
from copilot.drafting.types import Evidence
from copilot.drafting.units import Unit, units
from copilot.inference.embedder import Embedder, Vectors

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
QUOTABLE = ("sentence", "ol", "ul", "row")


@dataclass(frozen=True, slots=True)
class Sheet:
    """`alone`, `titled` (read under title and heading): (units, 384); `headed` (title and heading): (passages, 384).

    `passage` is each unit's place in `evidence`; `page` each passage's page, numbered as the search first met them.
    """

    needs: Needs
    evidence: tuple[Evidence, ...]
    units: tuple[Unit, ...]
    alone: Vectors
    titled: Vectors
    headed: Vectors
    passage: Ints
    page: Ints

    @property
    def pages(self) -> int:
        """How many pages the passages are from."""
        return int(self.page.max()) + 1 if len(self.page) else 0

    @property
    def quotable(self) -> npt.NDArray[np.bool_]:
        """Which units may be quoted for what they say themselves, shape (units,)."""
        return np.array([unit.shape in QUOTABLE and unit.says_something for unit in self.units], dtype=bool)


def sheet(needs: Needs, evidence: Sequence[Evidence], embedder: Embedder) -> Sheet:
    """Cut the passages into units and embed what is not remembered, in one call."""
    found = tuple(units(evidence))
    titles = [_joined(passage.title, passage.heading) for passage in evidence]
    alone = [unit.text for unit in found]
    titled = [_joined(titles[unit.evidence], unit.text) for unit in found]
    vectors = memory_of(embedder).of([*alone, *titled, *titles])
    numbers: dict[str, int] = {}
    page = [numbers.setdefault(_page(passage), len(numbers)) for passage in evidence]
    return Sheet(
        needs, tuple(evidence), found, vectors[: len(found)], vectors[len(found) : 2 * len(found)],
        vectors[2 * len(found) :], np.array([unit.evidence for unit in found], dtype=np.int64),
        np.array(page, dtype=np.int64),
    )  # fmt: skip


def texts_of(sheet: Sheet) -> list[str]:
    """What a reader reads: the ticket, then each passage."""
    return [sheet.needs.whole.text.text, *(passage.text for passage in sheet.evidence)]


def _page(passage: Evidence) -> str:
    """A passage of no named page is a page of its own."""
    return passage.page or f"passage {passage.id}"


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
