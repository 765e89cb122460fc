"""The hash in a model's recipe.

Invariant: bytes are hashed, since two trainings of one model have the same size; again only when a file has changed.
"""

import hashlib
from functools import lru_cache
from pathlib import Path


def digest(salt: str, *files: Path) -> str:
    """Eight hexadecimal digits for `salt` and the contents of `files`. Raises OSError."""
    return _digest(salt, *((file, file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=16)
def _digest(salt: str, *stamped: tuple[Path, int]) -> str:
    """Each file is given with the time it was written."""
    made = hashlib.sha256(salt.encode())
    for path, _ in stamped:
        with path.open("rb") as file:
            made.update(hashlib.file_digest(file, "sha256").digest())
    return made.hexdigest()[:8]
