"""What a reader says about one ticket's evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from copilot.drafting.sheet import Floats, Sheet


@dataclass(frozen=True, slots=True)
class Reading:
    """`units` and `passages`: how well each answers, shape (units,) and (passages,), greater is better.

    `answers` is the probability that the evidence answers the ticket, `needs` the same for each need. `keep` is the
    share of the best unit's score that a further one must reach to be shown.
    """

    units: Floats
    passages: Floats
    answers: float
    needs: tuple[float, ...]
    keep: float

    @property
    def order(self) -> Sequence[int]:
        """The passages, best first."""
        return [int(index) for index in np.argsort(-self.passages, kind="stable")]


class Reader(Protocol):
    """Judges passages and sentences; from `threshold` on the evidence is taken to answer, from `sure` on surely.

    From `beside` on, evidence in another language is, where the customer's own has articles that do not answer.
    """

    @property
    def recipe(self) -> str:
        """What judged; it is part of a draft's recipe."""
        ...

    @property
    def threshold(self) -> float:
        """See above."""
        ...

    @property
    def sure(self) -> float:
        """See above."""
        ...

    @property
    def beside(self) -> float:
        """See above."""
        ...

    def read(self, sheet: Sheet) -> Reading:
        """Judge a sheet with at least one quotable unit."""
        ...
