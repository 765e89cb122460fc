"""This process' model handles, made from settings on first use.

Invariant: nothing here runs at import, so a worker that forks after importing it shares no handle; and what is loaded
is what stands on the disk now, so a model that is replaced serves from the next draft on.
"""

import os
from pathlib import Path

from django.conf import settings

from copilot import env
from copilot.drafting.reader import reader_named
from copilot.drafting.reading import Reader
from copilot.inference.catalog import find, folder_of, writer_folder
from copilot.inference.embedder import Embedder, load
from copilot.inference.generator import Generator, load_generator
from copilot.inference.reranker import Reranker
from copilot.inference.reranker import load as load_reranker
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
    named = writer_model()
    return load_generator(writer_folder(named), runtime().intra_threads) if named else None


def reader(embedder: Embedder) -> Reader:
    """What judges the evidence found with `embedder`. Raises ModelUnusable."""
    return reader_named(settings.READER, embedder)


def reranker() -> Reranker | None:
    """The configured reranker, or None when searches end with the fusion. Raises ModelUnusable."""
    return reranker_named(settings.RERANKER) if settings.RERANKER else None


def reranker_named(folder: str) -> Reranker:
    """The reranker in `folder`, as SOUFFLEUR_RERANKER would give it. Raises ModelUnusable."""
    return load_reranker(Path(folder).resolve(), runtime().intra_threads)


def writer_model() -> str:
    """The folder of the configured generator; from a file (SOUFFLEUR_WRITER_MODEL_FILE) as that says now."""
    from_file = "SOUFFLEUR_WRITER_MODEL_FILE" in os.environ
    return env.text("SOUFFLEUR_WRITER_MODEL") if from_file else str(settings.WRITER_MODEL)
