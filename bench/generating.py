"""A model of the shape of Qwen2-0.5B with random weights: what a customer's own model would cost, without a hub.

Speed depends on a model's shape alone. Random weights never end a text and soon repeat, so the runtime is asked for a
fixed number of tokens, and the prompts are those of real tickets as `DecoderGenerator` lays them out.
"""

import json
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil

from bench.measure import REPEATS, Row
from copilot import engine
from copilot.drafting.prompt import prompt
from copilot.drafting.select import Scored
from copilot.drafting.types import Evidence, Request
from copilot.drafting.units import units
from copilot.inference.convert import convert
from copilot.inference.generator import load_generator
from copilot.inference.generator_decoder import DecoderGenerator
from copilot.inference.manifest import is_converted
from copilot.inference.prompts import Prompt
from copilot.privacy import redact
from demo.incoming import SAMPLES, read_tickets

NAME = "bench-qwen2-0.5b-shape"
VOCABULARY = 151_936
SHAPE: dict[str, Any] = {
    "vocab_size": VOCABULARY, "hidden_size": 896, "intermediate_size": 4864, "num_hidden_layers": 24,
    "num_attention_heads": 14, "num_key_value_heads": 2, "max_position_embeddings": 32_768,
    "tie_word_embeddings": True, "bos_token_id": None, "eos_token_id": 0, "pad_token_id": 0,
}  # fmt: skip
END = "<|endoftext|>"
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
TOKENS = 32
BATCH = 4
EVIDENCE_WORDS = 110


def rows() -> list[Row]:
    """Tokens a second, the first token, what the static prompt and batching gain, memory."""
    folder = _model()
    before = _megabytes()
    model = load_generator(folder, engine.runtime().intra_threads)
    assert isinstance(model, DecoderGenerator)
    held = _megabytes() - before
    prompts = _prompts()
    fixed, unlike = model.fixed_tokens(prompts[0]), [model.asked_tokens(one, 2048) for one in prompts]
    first, *_ = asked = [tokens[-min(map(len, unlike)) :] for tokens in unlike]
    seconds = _seconds({
        "first": lambda: _generate(model, fixed, [first], 1),
        "first, all read": lambda: _generate(model, [], [[*fixed, *first]], 1),
        "one": lambda: _generate(model, fixed, [first], TOKENS),
        "batch": lambda: _generate(model, fixed, asked, TOKENS),
    })  # fmt: skip
    one, batch = seconds["one"], seconds["batch"]
    return [
        Row("prompt, fixed part and the rest", f"{len(fixed)} + {len(first)} tokens", ""),
        Row(
            "first token", f"{seconds['first']:.2f} s", f"without the static prompt: {seconds['first, all read']:.2f} s"
        ),
        Row("tokens a second after the first", f"{(TOKENS - 1) / (one - seconds['first']):.1f}", ""),
        Row(f"reply of {TOKENS} tokens", f"{one:.2f} s", ""),
        Row(f"{BATCH} of one length together", f"{batch:.2f} s", f"one by one: {BATCH * one / batch:.2f} x the time"),
        Row("memory: loaded, after the batch", f"{held} MB, {_megabytes() - before} MB", ""),
    ]


def _model() -> Path:
    """The converted folder, made on first use: about 2 GB of disk for a minute."""
    target = engine.runtime().models / NAME
    if not is_converted(target):
        print(f"Making {target} once…", file=sys.stderr)
        checkpoint = target.with_name(f"{NAME}.checkpoint")
        try:
            _save_checkpoint(checkpoint)
            convert(str(checkpoint), target)
        finally:
            shutil.rmtree(checkpoint, ignore_errors=True)
    return target


def _save_checkpoint(folder: Path) -> None:
    import torch
    from transformers import Qwen2Config, Qwen2ForCausalLM

    _save_tokenizer(folder)
    torch.manual_seed(0)
    Qwen2ForCausalLM(Qwen2Config(**SHAPE)).save_pretrained(folder)


def _save_tokenizer(folder: Path) -> None:
    """A byte-level BPE of the sample articles; names nobody writes fill the vocabulary."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=16_000, special_tokens=[END, "<|im_start|>", "<|im_end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False,
    )  # fmt: skip
    made.train([str(file) for file in sorted((SAMPLES / "kb").rglob("*.md"))], trainer)
    parts = json.loads(made.to_str())
    parts["model"]["vocab"] |= {f"<filler-{number}>": number for number in range(made.get_vocab_size(), VOCABULARY)}
    made = Tokenizer.from_str(json.dumps(parts))
    fast_tokenizer: Any = PreTrainedTokenizerFast
    fast = fast_tokenizer(tokenizer_object=made, eos_token=END, pad_token=END)
    fast.chat_template = TEMPLATE
    fast.save_pretrained(folder)


def _prompts() -> list[Prompt]:
    """Sample tickets, each with as many words of sample articles as a reply selects."""
    articles = [file.read_text(encoding="utf-8") for file in sorted((SAMPLES / "kb").rglob("*.md"))]
    tickets = [ticket for ticket in read_tickets(SAMPLES / "incoming.jsonl") if ticket["lang"] == "en"][:BATCH]
    return [_prompt(ticket, article) for ticket, article in zip(tickets, articles, strict=False)]


def _prompt(ticket: dict[str, str], article: str) -> Prompt:
    evidence = [Evidence(1, "Article", "", article, "en", 1.0, 1.0)]
    chosen: list[Scored] = []
    for unit in units(evidence):
        if sum(len(item.unit.text.split()) for item in chosen) < EVIDENCE_WORDS:
            chosen.append(Scored(unit, 1.0))
    return prompt(Request(redact(ticket["subject"]), redact(ticket["body"]), "en"), chosen, evidence)


def _generate(model: DecoderGenerator, fixed: list[str], asked: Sequence[list[str]], count: int) -> Any:
    return model._model.generate_batch(
        asked, static_prompt=fixed or None, include_prompt_in_result=False, sampling_topk=1, max_length=count,
        min_length=count,
    )  # fmt: skip


def _seconds(ways: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The quickest run of each, in rounds in which they take turns: other work on the machine only ever adds."""
    _once(ways["first"])  # caches the static prompt
    rounds = [{name: _once(work) for name, work in ways.items()} for _ in range(REPEATS)]
    return {name: min(one[name] for one in rounds) for name in ways}


def _once(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _megabytes() -> int:
    return int(psutil.Process().memory_info().rss / 1e6)
