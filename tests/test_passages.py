"""A passage's vector holds a share of its heading's."""

import numpy as np
import pytest

from copilot.inference.embedder import HEADING_SHARE
from copilot.inference.passages import embed_passages
from copilot.privacy import redact
from tests.fakes import FakeEmbedder

HEADING, TEXT = "Change the saddle", "Loosen the bolt under the seat, then lift."


def test_it_is_nearer_to_its_heading_than_the_text_under_it_alone_would_be():
    embedder = FakeEmbedder()
    [mixed] = embed_passages(embedder, [HEADING], [TEXT])
    whole, called = embedder.embed([redact(f"{HEADING}\n{TEXT}"), redact(HEADING)])
    assert mixed @ called > whole @ called
    wanted = (1 - HEADING_SHARE) * whole + HEADING_SHARE * called
    assert mixed == pytest.approx(wanted / np.linalg.norm(wanted), abs=1e-6)


def test_without_a_heading_it_is_the_text_alone():
    embedder = FakeEmbedder()
    bare, headed = embed_passages(embedder, ["", HEADING], [TEXT, TEXT])
    assert bare == pytest.approx(embedder.embed([redact(TEXT)])[0])
    assert np.linalg.norm(headed) == pytest.approx(1.0)


def test_no_passage_is_no_vector():
    assert embed_passages(FakeEmbedder(), [], []).shape[0] == 0
