"""Any converted checkpoint plugs in: small random models through the real conversion and the real runtime."""

import pytest

from copilot.drafting.draft import draft
from copilot.drafting.types import Evidence, Request
from copilot.inference.convert import ConversionFailed, convert
from copilot.inference.generator import load_generator
from copilot.inference.generator_decoder import DecoderGenerator
from copilot.inference.generator_seq2seq import Seq2SeqGenerator
from copilot.inference.manifest import ModelUnusable, is_converted
from copilot.privacy import redact
from tests.fakes import FakeEmbedder

pytestmark = pytest.mark.integration

WORDS = ["a", "duplicate", "charge", "is", "refunded", "within", "ten", "days", "[1]", ".", "reply", "customer"]


def _tokenizer(folder):
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    vocabulary = {word: n for n, word in enumerate(["<pad>", "</s>", "<unk>", "<s>", *WORDS])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", eos_token="</s>", unk_token="<unk>", bos_token="<s>"
    )
    fast.save_pretrained(folder)
    return len(vocabulary)


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory):
    """An encoder-decoder and a decoder-only model with random weights, as Hugging Face checkpoints."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel, T5Config, T5ForConditionalGeneration

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("checkpoints")
    size = _tokenizer(folder / "t5")
    T5ForConditionalGeneration(
        T5Config(
            vocab_size=size, d_model=32, d_kv=8, d_ff=64, num_layers=1, num_heads=4, decoder_start_token_id=0,
            pad_token_id=0, eos_token_id=1,
        )
    ).save_pretrained(folder / "t5")  # fmt: skip
    _tokenizer(folder / "gpt2")
    GPT2LMHeadModel(
        GPT2Config(vocab_size=size, n_positions=512, n_embd=32, n_layer=1, n_head=4, bos_token_id=3, eos_token_id=1)
    ).save_pretrained(folder / "gpt2")
    return folder


@pytest.fixture(scope="module")
def converted(checkpoints, tmp_path_factory):
    target = tmp_path_factory.mktemp("converted")
    for name in ("t5", "gpt2"):
        convert(str(checkpoints / name), target / name)
    return target


@pytest.mark.parametrize(("name", "kind"), [("t5", Seq2SeqGenerator), ("gpt2", DecoderGenerator)])
def test_both_kinds_generate_the_same_text_again_within_the_limit(converted, name, kind):
    model = load_generator(converted / name, 1)
    assert isinstance(model, kind)
    prompts = [redact("reply customer duplicate charge"), redact("refunded")]
    texts = model.generate(prompts, max_tokens=12)
    assert len(texts) == 2 and texts == model.generate(prompts, max_tokens=12)
    assert all(len(text.split()) <= 12 for text in texts)


@pytest.mark.parametrize("name", ["t5", "gpt2"])
def test_a_random_model_says_nothing_to_the_customer(converted, name):
    passage = Evidence(1, "Refunds", "", "A duplicate charge is refunded within ten days.", "en", 0.9, 0.6, "r.md")
    asked = Request(redact("Duplicate charge"), redact("When is a duplicate charge refunded?"), "en")
    written = draft(asked, [passage], embedder=FakeEmbedder(), generator=load_generator(converted / name, 1))
    assert all(fact.verdict != "unsupported" for fact in written.facts)
    assert written.writer == "quote" and written.note


def test_a_missing_or_damaged_model_is_named(tmp_path, converted):
    with pytest.raises(ModelUnusable, match="none"):
        load_generator(tmp_path / "none", 1)
    broken = tmp_path / "broken"
    broken.mkdir()
    for file in (converted / "t5").iterdir():
        (broken / file.name).write_bytes(file.read_bytes()[: 100 if file.name == "model.bin" else None])
    with pytest.raises(ModelUnusable, match="convert"):
        load_generator(broken, 1)


def test_a_failed_conversion_leaves_the_old_model_in_place(tmp_path, converted, checkpoints):
    target = tmp_path / "model"
    convert(str(checkpoints / "t5"), target)
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "config.json").write_text('{"model_type": "t5"}')
    with pytest.raises(ConversionFailed):
        convert(str(bad), target)
    assert is_converted(target) and not is_converted(bad)
