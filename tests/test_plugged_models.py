"""Any checkpoint plugged in by the setting: garbage is thrown away, and the agent reads the quoting writer's draft."""

import json
import subprocess
import sys
from types import SimpleNamespace

import pytest

from copilot import engine
from copilot.drafting.draft import draft
from copilot.drafting.types import Evidence, Request
from copilot.inference.checkpoint import write_tokenizer
from copilot.inference.convert import convert
from copilot.inference.generator import load_generator, recipe
from copilot.inference.manifest import ModelUnusable, read
from copilot.privacy import redact
from tests import checkpoints
from tests.fakes import FakeEmbedder

pytestmark = pytest.mark.integration

PASSAGE = Evidence(1, "Refunds", "", "A duplicate charge is refunded within ten days.", "en", 0.9, 0.6, "r.md")
ASKED = Request(redact("Duplicate charge"), redact("When is a duplicate charge refunded?"), "en")


@pytest.fixture(scope="module")
def plugged(tmp_path_factory):
    """Both kinds, converted as an administrator would."""
    here = tmp_path_factory.mktemp("plugged")
    convert(checkpoints.causal(here / "qwen2-checkpoint"), here / "qwen2")
    convert(checkpoints.t5(here / "t5-checkpoint"), here / "t5")
    return here


@pytest.mark.parametrize("name", ["qwen2", "t5"])
def test_the_agent_gets_the_quoting_writers_draft_and_the_reason(plugged, name, settings):
    settings.WRITER_MODEL = str(plugged / name)
    model = engine.generator()
    said = []
    generate = model.generate
    model.generate = lambda *args, **options: said.extend(generate(*args, **options)) or said
    try:
        written = draft(ASKED, [PASSAGE], embedder=FakeEmbedder(), generator=model)
    finally:
        del model.generate
    assert len(said) == 1 and len(said[0]) > 5 and PASSAGE.text not in said[0]
    assert (written.writer, written.abstained) == ("quote", False) and written.note
    assert [(fact.text, fact.verdict) for fact in written.facts] == [(PASSAGE.text, "supported")]
    assert model.recipe in written.recipe and model.recipe == recipe(plugged / name)


@pytest.mark.parametrize("name", ["qwen2", "t5"])
def test_the_same_recipe_gives_the_same_text(plugged, name):
    prompts = [redact("When is it refunded?"), redact("How do I pair it, and the other one too, from today on?")]
    model = load_generator(plugged / name, 1)
    both = model.generate(prompts, 30)
    assert all(both) and both == [text for prompt in prompts for text in model.generate([prompt], 30)]


def test_texts_of_an_encoder_decoder_stream_and_stop(plugged):
    model, told = load_generator(plugged / "t5", 1), []
    [text] = model.generate([redact("refund")], 30, on_text=lambda index, so_far: told.append((index, so_far)))
    assert len(told) > 5 and told[-1][0] == 0 and told[-1][1].startswith(text.rstrip("\ufffd"))
    asks = iter([False] * 3 + [True] * 100)
    [stopped] = model.generate([redact("refund")], 30, should_stop=lambda: next(asks))
    assert len(stopped) < len(text) and told[-1][1].startswith(stopped.rstrip("\ufffd"))
    long = model._read(redact("refund me please " * 20_000))
    assert len(long) <= 2048 and long[-1] == "</s>"


@pytest.mark.parametrize(
    ("file", "damage", "says"),
    [
        ("model.bin", lambda data: data[:100], "convert"),
        ("model.bin", lambda data: data[: len(data) // 2], "convert"),
        ("model.bin", lambda data: b"\x63" + data[1:], "convert"),
        ("model.bin", None, "convert"),
        ("tokenizer.json", lambda data: data[:200], "convert"),
        ("tokenizer.json", None, r"no tokenizer\.json.*convert"),
        ("souffleur.json", lambda data: data.replace(b'"format": 1', b'"format": 9'), "not of format 1.*convert"),
        ("souffleur.json", lambda data: data.replace(b'"chat"', b'"sung"'), "damaged.*convert"),
        ("souffleur.json", lambda data: data.replace(b"2048", b"64"), "reads 64 tokens.*another model"),
        ("souffleur.json", lambda data: data.replace(b'"generator"', b'"embedder"'), "embedder.*_EMBEDDER"),
        ("souffleur.json", None, "convert"),
        ("config.json", lambda data: data[:9], "convert"),
        ("chat_template.jinja", lambda data: b"{% for", "chat template"),
    ],
)  # fmt: skip
def test_a_damaged_model_is_named_with_what_to_do(tmp_path, plugged, file, damage, says):
    folder = checkpoints.copied(plugged / "qwen2", tmp_path / "model")
    data = (folder / file).read_bytes()
    (folder / file).unlink()
    if damage:
        assert damage(data) != data
        (folder / file).write_bytes(damage(data))
    with pytest.raises(ModelUnusable, match=says):
        load_generator(folder, 1)


def test_a_model_that_is_replaced_serves_without_a_restart(tmp_path, plugged):
    folder = checkpoints.copied(plugged / "qwen2", tmp_path / "model")
    first = load_generator(folder, 1)
    assert load_generator(folder, 1) is first
    checkpoints.causal(tmp_path / "other", hidden_size=64)
    convert(str(tmp_path / "other"), folder)
    second = load_generator(folder, 1)
    assert second is not first and second.recipe != first.recipe
    assert second.generate([redact("refund")], 10) != first.generate([redact("refund")], 10)


def test_a_changed_template_changes_the_recipe(tmp_path, plugged):
    template = (plugged / "qwen2" / "chat_template.jinja").read_text() + "Answer:"
    folder = checkpoints.copied(plugged / "qwen2", tmp_path / "qwen2", chat_template__jinja=template)
    assert recipe(folder) != recipe(plugged / "qwen2")


def test_a_tokenizer_of_the_older_kind_is_written_anew(tmp_path):
    checkpoint = tmp_path / "checkpoint"
    checkpoints.causal(checkpoint)
    parts = json.loads((checkpoint / "tokenizer.json").read_text())["model"]
    (checkpoint / "vocab.json").write_text(json.dumps(parts["vocab"]))
    merges = [" ".join(pair) if isinstance(pair, list) else pair for pair in parts["merges"]]
    (checkpoint / "merges.txt").write_text("\n".join(["#version: 0.2", *merges]))
    (checkpoint / "tokenizer.json").unlink()
    said = json.loads((checkpoint / "tokenizer_config.json").read_text())
    (checkpoint / "tokenizer_config.json").write_text(json.dumps(said | {"tokenizer_class": "Qwen2Tokenizer"}))
    folder = convert(str(checkpoint), tmp_path / "model")
    assert load_generator(folder, 1).generate([redact("refund")], 10) and read(folder)["prompt"] == "chat"


def test_a_tokenizer_that_exists_in_python_only_is_refused(tmp_path, monkeypatch):
    import transformers

    monkeypatch.setattr(transformers.AutoTokenizer, "from_pretrained", lambda name: SimpleNamespace(is_fast=False))
    with pytest.raises(ModelUnusable, match=r"cannot be written as tokenizer\.json"):
        write_tokenizer("anything", tmp_path)


def test_a_process_that_streamed_ends_well(plugged):
    """CTranslate2 keeps the last callback in its thread, which must let go before the interpreter ends."""
    code = (
        "import sys; from pathlib import Path; from copilot.inference.generator import load_generator; "
        "from copilot.privacy import redact; "
        "load_generator(Path(sys.argv[1]), 1).generate([redact('refund')], 9, on_text=lambda index, text: None)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(plugged / "qwen2")], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
