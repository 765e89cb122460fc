"""This process' model handles, made from settings on first use.

Invariant: nothing here runs at import, so a worker that forks after importing it shares no handle.
"""

from pathlib import Path

from django.conf import settings

from copilot.inference.embedder import Embedder, load
from copilot.inference.generator import Generator, load_generator
from copilot.inference.runtime import Runtime


def runtime() -> Runtime:
    """Where models are and how many threads they may take."""
    return Runtime(settings.MODELS_DIR, settings.MODEL_THREADS)


def embedder() -> Embedder:
    """The embedder that serves."""
    return load(runtime())


def generator() -> Generator | None:
    """The configured generator, or None when replies are quoted. Raises ModelUnusable."""
    if not settings.WRITER_MODEL:
        return None
    return load_generator(Path(settings.WRITER_MODEL), runtime().intra_threads)
