"""A model that is replaced on the disk serves from the next draft on, without a restart, and the old one is let go."""

import gc
import shutil
import weakref
from pathlib import Path

import pytest

from copilot import engine
from copilot.drafting.reader import SHIPPED, load
from copilot.inference.convert import convert
from knowledge.indexing import sync
from knowledge.models import Source
from tests.side_by_side import Listed
from tickets import drafts, tasks
from tickets.drafts import Wish
from tickets.models import Draft, Message, Problem

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """Two small encoder-decoders with random weights, converted."""
    import torch
    from tokenizers import Tokenizer, pre_tokenizers
    from tokenizers import models as kinds
    from transformers import PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration

    folder = tmp_path_factory.mktemp("writers")
    words = {word: n for n, word in enumerate(["<pad>", "</s>", "<unk>", "a", "charge", "refunded", "[1]", "."])}
    shape = T5Config(
        vocab_size=len(words), d_model=32, d_kv=8, d_ff=64, num_layers=1, num_heads=4, decoder_start_token_id=0,
        pad_token_id=0, eos_token_id=1,
    )  # fmt: skip
    for seed, name in enumerate(["one", "two"]):
        torch.manual_seed(seed)
        tokenizer = Tokenizer(kinds.WordLevel(words, unk_token="<unk>"))
        tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
        PreTrainedTokenizerFast(
            tokenizer_object=tokenizer, pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
        ).save_pretrained(folder / f"{name}-checkpoint")
        T5ForConditionalGeneration(shape).save_pretrained(folder / f"{name}-checkpoint")
        convert(str(folder / f"{name}-checkpoint"), folder / name)
    return folder


@pytest.fixture
def written(make_ticket, monkeypatch):
    """A draft by whatever model stands there now."""
    monkeypatch.setattr(tasks.draft_pending, "apply_async", lambda **_: None)
    refund = "A duplicate charge is refunded to the card within ten days."
    sync(Source.objects.create(name="s", location=""), Listed({"refund": refund}), engine.embedder())
    message = Message.objects.get(ticket=make_ticket("Charge", body="When is a duplicate charge refunded to my card?"))

    def write():
        drafts.request_draft(message, Wish())
        drafts.draft_batch()
        return Draft.objects.first()

    return write


def test_a_folder_that_is_replaced(models, written, settings, tmp_path):
    settings.WRITER_MODEL = str(tmp_path / "writer")
    shutil.copytree(models / "one", tmp_path / "writer")
    first, again = written(), written()
    assert first.recipe == again.recipe and "writer-" in first.recipe
    old = weakref.ref(engine.generator())
    shutil.rmtree(tmp_path / "writer")
    shutil.copytree(models / "two", tmp_path / "writer")
    second = written()
    assert second.recipe != first.recipe and second.state == "ready"
    gc.collect()
    assert old() is None


def test_a_folder_that_is_broken_and_put_right(models, written, settings, tmp_path):
    settings.WRITER_MODEL = str(tmp_path / "writer")
    shutil.copytree(models / "one", tmp_path / "writer")
    (tmp_path / "writer" / "model.bin").write_bytes((models / "one" / "model.bin").read_bytes()[:2000])
    assert written().note == "the configured model could not be loaded" and Problem.objects.filter(kind="writer")
    shutil.copy(models / "one" / "model.bin", tmp_path / "writer" / "model.bin")
    assert "writer-" in written().recipe and not Problem.objects.filter(kind="writer")


def test_a_setting_in_a_file_that_names_another_model(models, written, monkeypatch, tmp_path):
    (tmp_path / "named").write_text(str(models / "one"))
    monkeypatch.setenv("SOUFFLEUR_WRITER_MODEL_FILE", str(tmp_path / "named"))
    assert "one-" in written().recipe
    (tmp_path / "named").write_text(str(models / "two"))
    assert "two-" in written().recipe
    (tmp_path / "named").write_text("")
    assert not {"one-", "two-"} & {part[:4] for part in written().recipe.split("/")}  # quoted


def test_a_reader_that_is_named_reads_and_one_that_cannot_says_so(written, settings, tmp_path):
    settings.READER = str(tmp_path / "own.json")
    shutil.copy(SHIPPED, settings.READER)
    Path(settings.READER).write_text(SHIPPED.read_text() + "\n")
    own = written().recipe
    assert load(tmp_path / "own.json").recipe in own and load(SHIPPED).recipe not in own
    (tmp_path / "own.json").write_text("{}")
    assert load(SHIPPED).recipe in written().recipe
    assert "own.json" in Problem.objects.get(kind="reader").text
    settings.READER = "similarity"
    assert "similarity" in written().recipe and not Problem.objects.filter(kind="reader")
