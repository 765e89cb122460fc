"""What MiniLM says of each meaning, computed once and kept: the student asks for it every epoch.

Invariant: a file of vectors is used only for the very texts it was made from.
"""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from copilot.inference.embedder import DIMENSIONS, Embedder, Vectors
from copilot.privacy.text import published

AT_ONCE = 2_000


def vectors(
    texts: Sequence[str], teacher: Embedder, folder: Path, progress: Callable[[int, int], None]
) -> dict[str, Vectors]:
    """The teacher's unit vector of each distinct text, read from `folder` where they were made before."""
    distinct = list(dict.fromkeys(texts))
    path = folder / f"teacher-{_digest(teacher.recipe, distinct)}.npy"
    if not path.exists():
        made = np.empty((len(distinct), DIMENSIONS), dtype=np.float16)
        for start in range(0, len(distinct), AT_ONCE):
            chunk = distinct[start : start + AT_ONCE]
            made[start : start + len(chunk)] = teacher.embed([published(text) for text in chunk])
            progress(start + len(chunk), len(distinct))
        _save(path, made)
    return dict(zip(distinct, np.load(path).astype(np.float32), strict=True))


def _save(path: Path, made: "np.ndarray[tuple[int, int], np.dtype[np.float16]]") -> None:
    half = path.with_suffix(".half.npy")
    np.save(half, made)
    half.rename(path)


def _digest(recipe: str, texts: Sequence[str]) -> str:
    digest = hashlib.sha256(recipe.encode())
    for text in texts:
        digest.update(b"\0" + text.encode())
    return digest.hexdigest()[:12]
