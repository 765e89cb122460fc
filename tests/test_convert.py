"""`manage.py convert` and what names an embedder: a small random BERT through the real conversion."""

import json
import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from copilot.inference.convert import ConversionFailed, convert
from copilot.inference.embedder import DIMENSIONS, load
from copilot.inference.manifest import ModelUnusable, kind, read
from copilot.privacy import redact

pytestmark = pytest.mark.integration


def bert(folder, width=DIMENSIONS, pooling=None):
    """A checkpoint with random weights, as sentence-transformers saves one."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    vocabulary = {word: n for n, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "bike", "refund"])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]").save_pretrained(folder)
    BertModel(
        BertConfig(
            vocab_size=len(vocabulary), hidden_size=width, num_hidden_layers=1, num_attention_heads=4,
            intermediate_size=32,
        )
    ).save_pretrained(folder)  # fmt: skip
    if pooling:
        (folder / "1_Pooling").mkdir()
        (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling))
    return str(folder)


@pytest.mark.parametrize(
    "pooling", [None, {"pooling_mode": "mean"}, {"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}]
)
def test_a_bert_becomes_an_embedder_and_the_command_says_what_to_set(tmp_path, capsys, pooling):
    call_command("convert", bert(tmp_path / "bert", pooling=pooling), tmp_path / "mine-1")
    assert f"SOUFFLEUR_EMBEDDER={tmp_path / 'mine-1'}" in capsys.readouterr().out
    assert kind(tmp_path / "mine-1") == read(tmp_path / "mine-1")["kind"] == "embedder"
    embedder = load(tmp_path / "mine-1", 1)
    assert embedder.recipe.startswith("mine-1-")
    assert embedder.embed([redact("bike refund")]).shape == (1, DIMENSIONS)


@pytest.mark.parametrize("pooling", [{"pooling_mode": "cls"}, {"pooling_mode_cls_token": True}])
def test_an_embedder_that_is_pooled_otherwise_is_refused(tmp_path, pooling):
    with pytest.raises(ConversionFailed, match="pools by"):
        convert(bert(tmp_path / "bert", pooling=pooling), tmp_path / "mine")
    assert not (tmp_path / "mine").exists()


def test_a_checkpoint_of_a_hub_brings_its_tokenizer_and_says_how_it_is_pooled(tmp_path):
    """The hub's cache stands for the hub: another process reads it, since libraries look for it when imported."""
    cache = tmp_path / "hub" / "models--acme--bert"
    (cache / "refs").mkdir(parents=True)
    (cache / "refs" / "main").write_text("abc")
    (cache / "snapshots").mkdir()
    bert(cache / "snapshots" / "abc")
    code = "import sys; from pathlib import Path; from copilot.inference.convert import convert; "
    code += "from copilot.inference.embedder import load; load(convert('acme/bert', Path(sys.argv[1])), 1)"
    environment = {**os.environ, "HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"}

    def run():
        command = [sys.executable, "-c", code, str(tmp_path / "mine")]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert run().returncode == 0
    (cache / "snapshots" / "abc" / "1_Pooling").mkdir()
    (cache / "snapshots" / "abc" / "1_Pooling" / "config.json").write_text('{"pooling_mode": "cls"}')
    assert "pools by cls" in run().stderr


def test_what_is_no_model_is_never_replaced_and_a_model_is(tmp_path):
    checkpoint = bert(tmp_path / "bert")
    (tmp_path / "file").write_text("mine")
    for target in (tmp_path / "bert", tmp_path, tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(CommandError):
            call_command("convert", checkpoint, target)
    assert (tmp_path / "bert" / "model.safetensors").exists() and (tmp_path / "file").read_text() == "mine"
    assert convert(checkpoint, convert(checkpoint, tmp_path / "mine")) == tmp_path / "mine"


@pytest.mark.parametrize("pooling", ["{", "[1]"])
def test_pooling_that_cannot_be_read_is_named(tmp_path, pooling):
    checkpoint = bert(tmp_path / "bert", pooling={"pooling_mode": "mean"})
    (tmp_path / "bert" / "1_Pooling" / "config.json").write_text(pooling)
    with pytest.raises(CommandError, match="1_Pooling"):
        call_command("convert", checkpoint, tmp_path / "mine")


def test_an_embedder_of_another_width_is_refused(tmp_path):
    convert(bert(tmp_path / "bert", width=64), tmp_path / "mine")
    with pytest.raises(ModelUnusable, match="64"):
        load(tmp_path / "mine", 1)


def test_without_torch_converting_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(CommandError, match=r"pip install -e '\.\[train\]'"):
        call_command("convert", "anything", tmp_path / "mine")


def test_an_evaluation_takes_any_embedder_and_names_one_that_is_none(tmp_path):
    rows = tmp_path / "rows.csv"
    rows.write_text("text,category\n" + "".join(f"my bike,bike\n{n} refunds,refund\n" for n in range(20)))
    options = ["triage", "--train", str(rows), "--test", str(rows)]
    with pytest.raises(CommandError, match="nowhere is no embedder"):
        call_command("evaluate", *options, "--embedder", "nowhere")
    convert(bert(tmp_path / "bert"), tmp_path / "mine")
    call_command("evaluate", *options, "--embedder", str(tmp_path / "mine"), "--json")


def test_a_bert_with_other_than_absolute_positions_is_refused(tmp_path):
    checkpoint = bert(tmp_path / "bert")
    config = json.loads((tmp_path / "bert" / "config.json").read_text()) | {"position_embedding_type": "relative_key"}
    (tmp_path / "bert" / "config.json").write_text(json.dumps(config))
    with pytest.raises(ConversionFailed):
        convert(checkpoint, tmp_path / "mine")
