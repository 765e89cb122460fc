"""How well passages answer a question, by a model that reads both together.

Invariant: a score depends on its question and its passage alone, never on what they were batched with. Scores of one
question compare with each other; of two questions they do not.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from copilot.inference.batches import by_length
from copilot.inference.digest import digest
from copilot.inference.manifest import MANIFEST, ModelUnusable, read
from copilot.inference.pairs import PAIR, QUERY, Pairing
from copilot.privacy.calls import made
from copilot.privacy.text import Redacted

Scores = npt.NDArray[np.float32]
# The weights, shape (width,), that make a score of the mean over a pair's states.
HEAD = "head.npy"
REMEDY = "run `manage.py train reranker` again, or leave SOUFFLEUR_RERANKER empty"


class Reranker(Protocol):
    """What retrieval needs of one. `share` is what its standardised scores count beside the fusion."""

    recipe: str
    share: float

    def score(self, query: Redacted, passages: Sequence[str]) -> Scores:
        """One score for each passage, shape (len(passages),); more is better."""
        ...


class CTranslate2Reranker:
    """A BERT encoder, int8, and a linear head on the mean of its states, from a folder that training wrote."""

    def __init__(self, folder: Path, *, threads: int) -> None:
        import ctranslate2

        self.share = share_of(folder)
        self.recipe = recipe(folder)
        self._pairing = Pairing(folder / "tokenizer.json")
        self._head = np.load(folder / HEAD, allow_pickle=False).astype(np.float32)
        self._encoder = ctranslate2.Encoder(
            str(folder), device="cpu", compute_type="int8", inter_threads=1, intra_threads=threads
        )
        self._check_shape(folder)

    def _check_shape(self, folder: Path) -> None:
        """The longest pair goes through, and the head fits what comes out."""
        states = self._states([[0] * PAIR], [[0] * PAIR])
        if self._head.shape != states.shape[-1:]:
            raise ModelUnusable(f"{folder / HEAD} has shape {self._head.shape}, not {states.shape[-1:]}: {REMEDY}")

    def score(self, query: Redacted, passages: Sequence[str]) -> Scores:
        """One score for each passage, shape (len(passages),), float32; a pair beyond 160 word pieces is cut."""
        with made("rerank", self.recipe, lambda: [query.text, *passages]):
            return self._score(query, passages)

    def _score(self, query: Redacted, passages: Sequence[str]) -> Scores:
        [asked] = self._pairing.pieces([query.text])
        pairs = [self._pairing.pair(asked, pieces) for pieces in self._pairing.pieces(passages)]
        scores = np.empty(len(pairs), dtype=np.float32)
        for batch in by_length([pair.ids for pair in pairs]):
            states = self._states([pairs[i].ids for i in batch], [pairs[i].types for i in batch])
            for row, i in enumerate(batch):
                scores[i] = states[row, : len(pairs[i].ids)].mean(axis=0) @ self._head
        return scores

    def _states(self, ids: Sequence[Sequence[int]], types: Sequence[Sequence[int]]) -> npt.NDArray[Any]:
        """Shape (pairs, longest, width); what stands beyond a pair's own length means nothing."""
        return np.asarray(self._encoder.forward_batch(ids, token_type_ids=types).last_hidden_state)


def share_of(folder: Path) -> float:
    """What the manifest says of it; raises ModelUnusable when this is no reranker's."""
    said = read(folder)
    if said.get("kind") != "reranker":
        raise ModelUnusable(f"{folder} holds a model of kind {said.get('kind')!r}, not a reranker: {REMEDY}")
    share: Any = said.get("share")
    if type(share) not in (int, float) or not 0 <= share <= 1:
        raise ModelUnusable(f"{folder / MANIFEST} gives no `share` from 0 to 1: {REMEDY}")
    return float(share)


def recipe(folder: Path) -> str:
    """What ranked: the folder's name, and a hash of all that a score or its share comes from."""
    files = [folder / name for name in ("model.bin", "tokenizer.json", HEAD, MANIFEST)]
    return f"{folder.name}-{digest(f'mean|{QUERY}|{PAIR}', *files)}"


def load(folder: Path, threads: int) -> CTranslate2Reranker:
    """The reranker at `folder`, loaded once a process and again when a file of it has changed.

    Raises ModelUnusable. Call it after any fork.
    """
    try:
        share_of(folder)
        return _load(folder, recipe(folder), threads)
    except ModelUnusable:
        raise
    except Exception as error:  # tokenizers raises nothing more exact
        raise ModelUnusable(f"{folder} holds no usable reranker ({error}): {REMEDY}") from error


@lru_cache(maxsize=1)
def _load(folder: Path, recipe: str, threads: int) -> CTranslate2Reranker:
    """`recipe` makes a folder that was replaced load anew."""
    return CTranslate2Reranker(folder, threads=threads)
