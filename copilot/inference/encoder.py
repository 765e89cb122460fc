"""A CTranslate2 encoder that runs one batch on all cores, or several at once on one core each.

Invariant: each handle keeps within the cores (inter x intra threads), and what a batch gives is the same from both.
One batch is soonest done by all cores together; many are sooner done side by side, where no core waits for another
(docs/adr/0015). The second handle is made when there first are many: a process that embeds questions never pays for it.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

States = npt.NDArray[Any]
Batch = list[int]
Use = Callable[[Batch, States], None]


class Encoder:
    """The int8 encoder in `folder`, with `threads` cores; `is_same` tells whether the folder holds what it held."""

    def __init__(self, folder: Path, *, threads: int, is_same: Callable[[], bool]) -> None:
        self._folder, self._threads, self._is_same = folder, threads, is_same
        self._together = self._handle(at_once=1)

    def states(self, ids: Sequence[Sequence[int]]) -> States:
        """Shape (texts, longest, width), by all cores; what stands beyond a text's own length means nothing."""
        return _states(self._together, ids)

    def each(self, ids: Sequence[Sequence[int]], batches: Sequence[Batch], use: Use) -> None:
        """Call `use` with every batch of indexes into `ids` and its states: from several threads, in any order."""
        handle = self._side_by_side if self._threads > 1 and len(batches) > 1 else None

        def one(batch: Batch) -> None:
            use(batch, _states(handle or self._together, [ids[i] for i in batch]))

        with ThreadPoolExecutor(self._threads if handle else 1) as workers:
            list(workers.map(one, reversed(batches)))  # the longest first, so that no core waits for it at the end

    @cached_property
    def _side_by_side(self) -> Any:
        """None when the folder was replaced or lost meanwhile: two models must not pass for one."""
        try:
            handle = self._handle(at_once=self._threads)
            return handle if self._is_same() else None
        except (OSError, RuntimeError, ValueError):
            return None

    def _handle(self, *, at_once: int) -> Any:
        import ctranslate2

        return ctranslate2.Encoder(
            str(self._folder), device="cpu", compute_type="int8", inter_threads=at_once,
            intra_threads=self._threads // at_once,
        )  # fmt: skip


def _states(handle: Any, ids: Sequence[Sequence[int]]) -> States:
    return np.asarray(handle.forward_batch(ids).last_hidden_state)
