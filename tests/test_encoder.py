"""One batch on all cores or several side by side: the same vectors, from the same weights, and errors are heard."""

import shutil

import numpy as np
import pytest

from copilot.inference import catalog
from copilot.inference.batches import by_length
from copilot.inference.embedder import load
from copilot.inference.encoder import Encoder
from copilot.privacy import redact

pytestmark = pytest.mark.integration

TEXTS = [redact("The saddle squeaks. " * (1 + number % 30)) for number in range(40)]
IDS = [[101, *range(2000, 2000 + length), 102] for length in (200, 3, 90, 3, 80, 150, 85, 4)]


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(catalog.SHIPPED, tmp_path / "copy-1")


def _spoil(folder):
    """Weights of the same size that are others."""
    content = bytearray((folder / "model.bin").read_bytes())
    content[500_000:10_500_000] = bytes(range(250)) * 40_000  # what the words mean
    (folder / "model.bin").write_bytes(content)


def _collected(encoder):
    found = {}

    def use(batch, states):
        found.update({i: states[row, : len(IDS[i])].copy() for row, i in enumerate(batch)})

    encoder.each(IDS, by_length(IDS), use)
    return [found[i] for i in range(len(IDS))]


def test_a_call_of_many_texts_gives_each_the_vector_that_it_has_alone():
    embedder = load(catalog.SHIPPED, 2)
    alone = np.concatenate([embedder.embed([text]) for text in TEXTS])
    assert np.allclose((embedder.embed(TEXTS) * alone).sum(axis=1), 1, atol=1e-3)


def test_threads_change_nothing(folder):
    one, two = (_collected(Encoder(folder, threads=threads, is_same=lambda: True)) for threads in (1, 2))
    assert all(np.allclose(a, b, atol=0.05) for a, b in zip(one, two, strict=True))


def test_the_second_handle_comes_with_the_first_call_of_many(folder):
    encoder = Encoder(folder, threads=2, is_same=lambda: True)
    encoder.each(IDS, [[1]], lambda batch, states: None)
    assert "_side_by_side" not in vars(encoder)
    _collected(encoder)
    assert vars(encoder)["_side_by_side"] is not None


@pytest.mark.parametrize("change", [_spoil, shutil.rmtree])
def test_a_folder_that_was_replaced_or_lost_meanwhile_gives_no_vectors_of_two_models(folder, change):
    embedder = load(folder, 2)
    before = np.concatenate([embedder.embed([text]) for text in TEXTS])
    change(folder)
    assert np.allclose((embedder.embed(TEXTS) * before).sum(axis=1), 1, atol=1e-3)


def test_what_a_batch_raises_is_raised(folder):
    def use(batch, states):
        if 5 in batch:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Encoder(folder, threads=2, is_same=lambda: True).each(IDS, by_length(IDS), use)
