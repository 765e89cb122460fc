"""What a generator needs of a checkpoint beside its weights: its context, what ends a text, how it is asked.

Invariant: everything is read when converting, so that serving needs the converted folder alone.
"""

import importlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from copilot.inference.manifest import ModelUnusable

# Read from a checkpoint; of these, a conversion writes its own `config.json`.
READ_FILES = ("config.json", "generation_config.json", "tokenizer_config.json", "chat_template.jinja")
# What a tokenizer of the older kind is made of.
SLOW_TOKENIZER_FILES = ("vocab.json", "merges.txt", "added_tokens.json", "special_tokens_map.json")
_CONTEXT_NAMES = ("max_position_embeddings", "n_positions", "max_seq_len", "max_sequence_length", "seq_length", "n_ctx")
# A tokenizer without a limit says so with a huge number.
_NO_LIMIT = 10**7


def generator_traits(beside: Path) -> dict[str, Any]:
    """`context` (tokens; absent when nothing says it), `stop` (token numbers) and `prompt` style for the manifest."""
    config, generation, tokenizer, _ = (_json(beside / name) for name in READ_FILES)
    text = config.get("text_config") or config
    stop = [*_numbers(generation.get("eos_token_id")), *_numbers(text.get("eos_token_id"))]
    has_template = (beside / READ_FILES[-1]).exists() or bool(tokenizer.get("chat_template"))
    traits = {"stop": list(dict.fromkeys(stop)), "prompt": "chat" if has_template else "plain"}
    limits = [text.get(name) for name in _CONTEXT_NAMES] + [tokenizer.get("model_max_length")]
    context = [int(limit) for limit in limits if isinstance(limit, int | float) and 0 < limit < _NO_LIMIT]
    return traits | ({"context": min(context)} if context else {})


def write_tokenizer(checkpoint: str, folder: Path) -> None:
    """Have transformers write `tokenizer.json` into `folder` for a checkpoint that has only the older files.

    Raises ModelUnusable for a tokenizer that exists in Python alone: serving knows no other than tokenizer.json.
    """
    made = importlib.import_module("transformers").AutoTokenizer.from_pretrained(checkpoint)
    if not getattr(made, "is_fast", False):
        raise ModelUnusable(f"its tokenizer ({type(made).__name__}) cannot be written as tokenizer.json")
    made.backend_tokenizer.save(str(folder / "tokenizer.json"))


def _json(file: Path) -> Mapping[str, Any]:
    """The object in a file; an absent one, or one that is no object, says nothing."""
    if file.suffix != ".json" or not file.exists():
        return {}
    said = json.loads(file.read_text(encoding="utf-8"))
    return said if isinstance(said, dict) else {}


def _numbers(said: object) -> list[int]:
    """One token number, a list of them, or none."""
    return [number for number in (said if isinstance(said, list) else [said]) if isinstance(number, int)]
