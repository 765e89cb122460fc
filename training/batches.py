"""Batches of similar length: on a CPU every padded token costs as much as a real one."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from sentence_transformers import DefaultBatchSampler

# Texts among which neighbours in length are looked for: enough for tight batches, few enough for mixed ones.
POOL = 4_000


class TokenBatches(DefaultBatchSampler):
    """Batches of at most `tokens` padded tokens, another order each epoch."""

    def __init__(self, dataset: Any, lengths: Sequence[int], tokens: int, seed: int) -> None:
        super().__init__(dataset, batch_size=1, drop_last=False, seed=seed)
        self._lengths = np.asarray(lengths)
        self._tokens = tokens

    def __iter__(self) -> Iterator[list[int]]:
        chance = np.random.default_rng([self.seed, self.epoch])
        shuffled = chance.permutation(len(self._lengths))
        batches: list[list[int]] = []
        for start in range(0, len(shuffled), POOL):
            batches += self._packed(shuffled[start : start + POOL])
        yield from (batches[i] for i in chance.permutation(len(batches)))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _packed(self, pool: "np.ndarray[Any, Any]") -> list[list[int]]:
        """The pool's texts, shortest first; a batch of one text would teach no order and joins the one before it."""
        packed: list[list[int]] = []
        for i in pool[np.argsort(self._lengths[pool], kind="stable")]:
            if packed and (len(packed[-1]) + 1) * self._lengths[i] <= self._tokens:
                packed[-1].append(int(i))
            else:
                packed.append([int(i)])
        if len(packed) > 1 and len(packed[-1]) == 1:
            packed[-2] += packed.pop()
        return packed
