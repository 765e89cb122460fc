"""Sentence vectors from a CTranslate2 encoder.

Invariant: a text's vector depends on that text alone, never on what it was batched with: tokens are pooled over
the text's own length (CTranslate2 fills padding with copies, so a plain mean over the batch would be wrong).
"""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from copilot.inference.convert import bundled_minilm
from copilot.inference.runtime import Runtime
from copilot.privacy.text import Redacted

Vectors = npt.NDArray[np.float32]
DIMENSIONS = 384
MAX_TOKENS = 256
BATCH_TOKENS = 4096


class Embedder(Protocol):
    """What retrieval, triage and drafting need of an embedding model."""

    recipe: str

    def embed(self, texts: Sequence[Redacted]) -> Vectors:
        """Unit-length vectors, shape (len(texts), DIMENSIONS)."""
        ...

    def __hash__(self) -> int:
        """What was computed with an embedder is remembered under it."""
        ...


class CTranslate2Embedder:
    """all-MiniLM-L6-v2 (mean pooling, unit length), int8, from a folder that `convert` wrote."""

    def __init__(self, folder: Path, *, threads: int) -> None:
        import ctranslate2
        from tokenizers import Tokenizer

        self._encoder = ctranslate2.Encoder(
            str(folder), device="cpu", compute_type="int8", inter_threads=1, intra_threads=threads
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        self.recipe = recipe(folder)

    def embed(self, texts: Sequence[Redacted]) -> Vectors:
        """Unit-length vectors, shape (len(texts), 384), float32; texts beyond 256 word pieces are cut."""
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch([text.text for text in texts])]
        vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        for batch in _batches(ids):
            output = self._encoder.forward_batch([ids[i] for i in batch])
            states = np.asarray(output.last_hidden_state)
            for row, i in enumerate(batch):
                vectors[i] = states[row, : len(ids[i])].mean(axis=0)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        np.divide(vectors, norms, out=vectors, where=norms > 0)
        return vectors


def recipe(folder: Path) -> str:
    """What made a vector: model name, precision, pooling and length, hashed with the size of the weights."""
    facts = f"{folder.name}|mean|{MAX_TOKENS}|{(folder / 'model.bin').stat().st_size}"
    return f"{folder.name}-{hashlib.sha256(facts.encode()).hexdigest()[:8]}"


def _batches(ids: Sequence[Sequence[int]]) -> list[list[int]]:
    """Indexes in batches of similar length, each at most BATCH_TOKENS padded tokens, so that little is padding."""
    batches: list[list[int]] = []
    for i in sorted(range(len(ids)), key=lambda i: len(ids[i])):
        if batches and (len(batches[-1]) + 1) * len(ids[i]) <= BATCH_TOKENS:
            batches[-1].append(i)
        else:
            batches.append([i])
    return batches


@lru_cache(maxsize=1)
def load(runtime: Runtime) -> CTranslate2Embedder:
    """This process' embedder, converted and loaded on first use; call it after any fork."""
    return CTranslate2Embedder(bundled_minilm(runtime.models), threads=runtime.intra_threads)
