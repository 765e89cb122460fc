"""Whether a model should stop, because a draft waits or it has taken long.

Invariant: the database is asked beside the model, by a thread that closes what it opened; the model only reads the
answer, from whichever thread it runs in.
"""

import logging
import threading
import time
from types import TracebackType

from django.conf import settings
from django.db import DatabaseError, connection

from tickets import claims

log = logging.getLogger(__name__)
EVERY_SECONDS = 0.5


class Yielding:
    """`with Yielding() as stop`: `stop()` says when; `for_a_draft` why."""

    def __init__(self) -> None:
        self.for_a_draft = False
        self._end = time.monotonic() + settings.DRAFT_DEADLINE_SECONDS
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __call__(self) -> bool:
        """Whether to stop now."""
        return self.for_a_draft or self.is_late

    @property
    def is_late(self) -> bool:
        """Whether it has taken as long as a draft may take."""
        return time.monotonic() > self._end

    def __enter__(self) -> "Yielding":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        try:
            while not self.for_a_draft and not self._over.wait(EVERY_SECONDS):
                self.for_a_draft = claims.due().exists()
        except DatabaseError as error:
            log.warning("whether a draft waits could not be asked: %s", type(error).__name__)
        finally:
            connection.close()
