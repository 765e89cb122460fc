"""What both kinds of generator share: what the folder says of itself, and how many tokens a prompt may take.

Invariant: a prompt and the text that follows it fit the model's context, and a batch the memory that was measured.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from copilot.inference.manifest import ModelUnusable, PromptStyle, read
from copilot.inference.prompts import Prompt, Ruler, fitted
from copilot.inference.tokens import Tokens
from copilot.inference.watch import Watch
from copilot.privacy.text import Redacted

# A longer prompt takes a CPU many seconds and answers no better: the chosen evidence has some 110 words.
LONGEST_PROMPT = 2048
# Padded prompt tokens of a batch; what they take in memory is per token, so this bounds it.
BATCH_TOKENS = 4096
_UNSAID_CONTEXT = 512
# With less, instructions, one fact and a reply do not fit.
_LEAST_CONTEXT = 384


@dataclass(frozen=True, slots=True)
class Traits:
    """`context` tokens the model was made for, prompt and text; its prompt style; the tokens that end a text."""

    context: int
    style: PromptStyle
    stops: tuple[str, ...]


def traits(folder: Path, tokens: Tokens) -> Traits:
    """What the folder's manifest and configuration say; what they do not is careful. Raises ModelUnusable."""
    said = read(folder)
    spec = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    context = said.get("context") or _UNSAID_CONTEXT
    style: PromptStyle = said.get("prompt", "plain")
    numbers = said.get("stop") or []
    if type(context) is not int or style not in get_args(PromptStyle) or not isinstance(numbers, list):
        raise ModelUnusable(f"the manifest of {folder} is damaged: run `manage.py convert` again")
    if context < _LEAST_CONTEXT:
        raise ModelUnusable(f"{folder} reads {context} tokens; a reply needs {_LEAST_CONTEXT}: use another model")
    named = [*tokens.named(numbers), str(spec.get("eos_token") or "")]
    return Traits(context, style, tuple(dict.fromkeys(token for token in named if tokens.number(token) is not None)))


def room(traits: Traits, max_tokens: int) -> int:
    """Tokens for a decoder's prompt, so that `max_tokens` more fit into its context."""
    return max(1, min(LONGEST_PROMPT, traits.context - max_tokens))


def shortened(prompt: Prompt | Redacted, most: int, tokens: Tokens) -> str:
    """What differs from prompt to prompt, in at most `most` tokens."""
    ruler = Ruler(tokens.count, tokens.head)
    return fitted(prompt, most, ruler) if isinstance(prompt, Prompt) else tokens.head(prompt.text, most)


def texts(results: Sequence[Sequence[str]], indexes: Sequence[int], watch: Watch, tokens: Tokens) -> list[str]:
    """The finished texts, without what loops said again."""
    return [tokens.text(watch.cut(index, said)) for index, said in zip(indexes, results, strict=True)]


def options(traits: Traits) -> dict[str, Any]:
    """Greedy search, in batches that fit."""
    return {
        "beam_size": 1, "sampling_topk": 1, "max_batch_size": BATCH_TOKENS, "batch_type": "tokens",
        "end_token": list(traits.stops) or None,
    }  # fmt: skip
