"""Sentence vectors from a CTranslate2 encoder.

Invariant: a text's vector depends on that text alone, never on what it was batched with: tokens are pooled over
the text's own length (CTranslate2 fills padding with copies, so a plain mean over the batch would be wrong).
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from copilot.inference.batches import by_length
from copilot.inference.calibration import Calibration, calibration_of
from copilot.inference.digest import digest
from copilot.inference.encoder import Batch, Encoder, States
from copilot.inference.manifest import ModelUnusable, read
from copilot.privacy.calls import made
from copilot.privacy.text import Redacted

Vectors = npt.NDArray[np.float32]
DIMENSIONS = 384
POOLING = "mean"
MAX_TOKENS = 256
# How much of a passage's vector is its heading's (passages.py); part of the recipe, since it changes vectors.
HEADING_SHARE = 0.3
# So many first words of an article stand for a title that it lacks (docs/adr/0017); part of the recipe too.
TITLE_WORDS = 12
# A process serves with one embedder, and with a second while passages are embedded again.
LOADED = 3


class Embedder(Protocol):
    """What retrieval, triage and drafting need of an embedding model."""

    recipe: str
    calibration: Calibration

    def embed(self, texts: Sequence[Redacted]) -> Vectors:
        """Unit-length vectors, shape (len(texts), DIMENSIONS)."""
        ...

    def __hash__(self) -> int:
        """What was computed with an embedder is remembered under it."""
        ...


class CTranslate2Embedder:
    """A BERT encoder (mean pooling, unit length), int8, from a folder that `convert` wrote."""

    def __init__(self, folder: Path, *, threads: int) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        self.recipe = recipe(folder)
        self._encoder = Encoder(folder, threads=threads, is_same=lambda: recipe(folder) == self.recipe)
        self.calibration = calibration_of(folder)
        self._check_shape(folder)

    def _check_shape(self, folder: Path) -> None:
        """The longest text goes through and comes out as wide as what the database keeps."""
        width = self._encoder.states([[0] * MAX_TOKENS]).shape[-1]
        if width != DIMENSIONS:
            raise ModelUnusable(f"{folder} makes vectors of {width} numbers; the database keeps {DIMENSIONS}")

    def embed(self, texts: Sequence[Redacted]) -> Vectors:
        """Unit-length vectors, shape (len(texts), 384), float32; texts beyond 256 word pieces are cut."""
        with made("embed", self.recipe, lambda: [text.text for text in texts]):
            return self._embed(texts)

    def _embed(self, texts: Sequence[Redacted]) -> Vectors:
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch([text.text for text in texts])]
        vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)

        def pool(batch: Batch, states: States) -> None:
            for row, i in enumerate(batch):
                vectors[i] = states[row, : len(ids[i])].mean(axis=0)

        self._encoder.each(ids, by_length(ids), pool)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        np.divide(vectors, norms, out=vectors, where=norms > 0)
        return vectors


def recipe(folder: Path) -> str:
    """What made a vector: the folder's name, and a hash of weights, tokenizer, pooling, length and headings."""
    salt = f"{POOLING}|{MAX_TOKENS}|{HEADING_SHARE}|{TITLE_WORDS}"
    return f"{folder.name}-{digest(salt, folder / 'model.bin', folder / 'tokenizer.json')}"


def load(folder: Path, threads: int) -> CTranslate2Embedder:
    """The embedder at `folder`, loaded once a process; raises ModelUnusable. Call it after any fork."""
    try:
        if read(folder).get("kind") == "reranker":  # of the same shape, and its vectors would mean nothing
            raise ModelUnusable(f"{folder} holds a reranker, not an embedder: name it in SOUFFLEUR_RERANKER")
        return _load(folder, recipe(folder), threads)
    except ModelUnusable:
        raise
    except Exception as error:  # tokenizers raises nothing more exact
        raise ModelUnusable(f"{folder} holds no usable embedder ({error}); run `manage.py convert` again") from error


@lru_cache(maxsize=LOADED)
def _load(folder: Path, recipe: str, threads: int) -> CTranslate2Embedder:
    """`recipe` makes a folder that was replaced load anew."""
    return CTranslate2Embedder(folder, threads=threads)
