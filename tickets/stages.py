"""The stages of one draft: timed, shown to whoever waits, and where it stops when it has to.

Invariant: a draft past its deadline, or taken away by a newer message half a second ago, stops at its next stage,
whichever pool the worker runs: no signal is needed for it.
"""

import time
from collections.abc import Sequence

from django.conf import settings

from copilot.drafting.types import Sentence
from tickets import board, claims
from tickets.models import Draft

# How often the lease is renewed; a draft that takes less asks the database nothing until it is saved.
RENEW_SECONDS = 0.5


class TooSlow(Exception):
    """The draft has taken longer than DRAFT_DEADLINE_SECONDS."""


class NotOurs(Exception):
    """A newer message, a colleague or another worker has taken the draft away."""


class Stages:
    """Told by the drafting room of each stage; `seconds` has how long each one took."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.seconds: dict[str, float] = {}
        self._began = self._since = time.perf_counter()
        self._renewed = self._began
        self._stage = "prepare"

    def __call__(self, stage: str, sentences: Sequence[Sentence]) -> None:
        """The next stage, or one more sentence of this one. Raises TooSlow, NotOurs."""
        self._count(stage)
        if self.is_over():
            raise TooSlow
        if self._since - self._renewed > RENEW_SECONDS:
            self._renew()
        board.put(self.draft, stage, [sentence.text for sentence in sentences])

    def is_over(self) -> bool:
        """Whether the deadline has passed. Asks no database, so any thread may ask."""
        return time.perf_counter() - self._began > settings.DRAFT_DEADLINE_SECONDS

    def done(self) -> dict[str, float]:
        """Seconds by stage and in total."""
        self._count("")
        return {stage: round(taken, 4) for stage, taken in {**self.seconds, "total": self._since - self._began}.items()}

    def _renew(self) -> None:
        if not claims.renew(self.draft):
            raise NotOurs
        self._renewed = self._since

    def _count(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[self._stage] = self.seconds.get(self._stage, 0.0) + now - self._since
        self._stage, self._since = stage, now
