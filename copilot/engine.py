"""This process' model handles, made from settings on first use.

Invariant: nothing here runs at import, so a worker that forks after importing it shares no handle.
"""

from pathlib import Path

from django.conf import settings

from copilot.inference.catalog import find, folder_of
from copilot.inference.embedder import Embedder, load
from copilot.inference.generator import Generator, load_generator
from copilot.inference.runtime import Runtime


def runtime() -> Runtime:
    """Where models are and how many threads they may take."""
    return Runtime(settings.MODELS_DIR, settings.MODEL_THREADS)


def embedder() -> Embedder:
    """The configured embedder, with which whatever is embedded from now on is embedded. Raises ModelUnusable."""
    return embedder_named(settings.EMBEDDER)


def embedder_named(name: str) -> Embedder:
    """The embedder `name`, as SOUFFLEUR_EMBEDDER would give it. Raises ModelUnusable."""
    here = runtime()
    return load(folder_of(name, here.models), here.intra_threads)


def embedder_of(recipe: str) -> Embedder | None:
    """The embedder that makes vectors of `recipe`; None when its model is not on this machine."""
    here = runtime()
    folder = find(recipe, here.models, settings.EMBEDDER)
    return load(folder, here.intra_threads) if folder else None


def generator() -> Generator | None:
    """The configured generator, or None when replies are quoted. Raises ModelUnusable."""
    if not settings.WRITER_MODEL:
        return None
    return load_generator(Path(settings.WRITER_MODEL), runtime().intra_threads)
