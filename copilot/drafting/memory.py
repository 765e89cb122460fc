"""Vectors of published sentences, remembered: the same passages answer many tickets.

Invariant: only published text is remembered, never a customer's; the oldest is forgotten beyond REMEMBERED (about
30 MB of vectors a process).
"""

from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from copilot.inference.embedder import DIMENSIONS, Embedder, Vectors
from copilot.privacy.text import published

REMEMBERED = 20_000


class PublishedVectors:
    """An embedder's vectors by text, least recently used first."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()

    def of(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of published `texts`, shape (len(texts), DIMENSIONS), in order."""
        unknown = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if unknown:
            made = self._embedder.embed([published(text) for text in unknown])
            self._vectors.update(zip(unknown, made, strict=True))
        result = np.array([self._recall(text) for text in texts], dtype=np.float32).reshape(-1, DIMENSIONS)
        while len(self._vectors) > REMEMBERED:
            self._vectors.popitem(last=False)
        return result

    def _recall(self, text: str) -> Vectors:
        self._vectors.move_to_end(text)
        return self._vectors[text]


@lru_cache(maxsize=2)
def memory_of(embedder: Embedder) -> PublishedVectors:
    """The memory of this embedder; a new embedder starts with an empty one."""
    return PublishedVectors(embedder)
