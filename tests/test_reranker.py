"""A reranker's folder: scores that depend on no batch, what is refused, and files that change."""

import json
import shutil

import numpy as np
import pytest

from copilot import engine
from copilot.inference import catalog
from copilot.inference import embedder as embedders
from copilot.inference.manifest import MANIFEST, ModelUnusable
from copilot.inference.pairs import PAIR, QUERY, Pairing
from copilot.inference.reranker import HEAD, load, recipe
from copilot.privacy import redact
from tests import rerankers

QUESTION = redact("is the duplicate charge returned ?")
PASSAGES = ["the bike folds fast", "a duplicate charge is returned in ten days " * 30, "", "the refund is fast"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return rerankers.folder(tmp_path_factory.mktemp("rerankers") / "tiny")


@pytest.fixture
def copy(made, tmp_path):
    return shutil.copytree(made, tmp_path / "tiny")


def test_a_score_depends_on_its_pair_alone(made):
    reranker = load(made, 1)
    together = reranker.score(QUESTION, PASSAGES)
    alone = np.concatenate([reranker.score(QUESTION, [passage]) for passage in PASSAGES])
    assert together.shape == (len(PASSAGES),) and together.dtype == np.float32
    assert np.allclose(together, alone, atol=1e-5) and together.std() > 0.01
    assert reranker.score(QUESTION, []).shape == (0,)


def test_question_and_passage_are_told_apart(made):
    reranker = load(made, 1)
    [one], [other] = reranker.score(redact("bike"), ["refund"]), reranker.score(redact("refund"), ["bike"])
    assert abs(one - other) > 1e-3


def test_the_passage_gives_way_and_the_question_only_when_it_is_long(made):
    pairing = Pairing(made / "tokenizer.json")
    bike, refund = pairing.pieces(["bike " * 300, "refund " * 300])
    pair = pairing.pair(bike, refund)
    assert len(pair.ids) == len(pair.types) == PAIR and sum(pair.types) == PAIR - QUERY - 2
    assert pair.ids.count(bike[0]) == QUERY and pair.ids[-1] == pair.ids[QUERY + 1] == 3
    assert pairing.pair(bike[:2], refund[:1]) == ([2, *bike[:2], 3, refund[0], 3], [0, 0, 0, 0, 1, 1])
    small = Pairing(made / "tokenizer.json", 20).pair(bike, refund)
    assert len(small.ids) == 20


@pytest.mark.parametrize(
    ("spoil", "match"),
    [
        (lambda at: (at / "model.bin").unlink(), "train reranker"),
        (lambda at: (at / "model.bin").write_bytes(b"x" * 100), "train reranker"),
        (lambda at: (at / "tokenizer.json").write_text("{}"), "train reranker"),
        (lambda at: (at / HEAD).unlink(), "train reranker"),
        (lambda at: np.save(at / HEAD, np.zeros(7)), r"shape \(7,\)"),
        (lambda at: said(at, share=None), "share"),
        (lambda at: said(at, share=2), "share"),
        (lambda at: said(at, kind="embedder"), "not a reranker"),
        (lambda at: (at / MANIFEST).unlink(), MANIFEST),
    ],
)
def test_a_folder_that_cannot_be_used_says_what_to_do(copy, spoil, match):
    spoil(copy)
    with pytest.raises(ModelUnusable, match=match):
        load(copy, 1)


def said(folder, **changed):
    file = folder / MANIFEST
    file.write_text(json.dumps(json.loads(file.read_text()) | changed))


def test_it_is_loaded_once_and_again_when_a_file_changes(copy):
    first = load(copy, 1)
    assert load(copy, 1) is first and first.recipe == recipe(copy)
    said(copy, share=0.25)
    second = load(copy, 1)
    assert second is not first and second.recipe != first.recipe and (first.share, second.share) == (0.1, 0.25)


def test_no_embedder_is_made_of_a_reranker(copy):
    with pytest.raises(ModelUnusable, match="SOUFFLEUR_RERANKER"):
        embedders.load(copy, 1)


def test_the_setting_names_it(made, settings):
    settings.RERANKER = ""
    assert engine.reranker() is None
    settings.RERANKER = str(made)
    assert engine.reranker().recipe.startswith("tiny-")
    settings.RERANKER = str(catalog.SHIPPED)
    with pytest.raises(ModelUnusable, match="embedder"):
        engine.reranker()
