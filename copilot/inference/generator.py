"""Text from a CTranslate2 model, encoder-decoder or decoder-only, behind one interface.

Invariant: the same folder and prompts give the same texts (greedy search), and no call returns more than
`max_tokens` tokens per prompt.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from copilot.inference.embedder import recipe
from copilot.inference.manifest import ModelUnusable
from copilot.privacy.text import Redacted

# Weights loop; a reply that repeats itself is stopped by these rather than by the length limit.
REPETITION_PENALTY = 1.1
NO_REPEAT_NGRAM = 8


class Generator(Protocol):
    """What the model writer needs."""

    recipe: str

    def generate(self, prompts: Sequence[Redacted], max_tokens: int) -> list[str]:
        """One text per prompt, in order."""
        ...


class Seq2SeqGenerator:
    """An encoder-decoder (T5, BART, Marian…) served by `ctranslate2.Translator`."""

    def __init__(self, folder: Path, threads: int) -> None:
        import ctranslate2

        self._model = ctranslate2.Translator(str(folder), device="cpu", inter_threads=1, intra_threads=threads)
        self._tokenizer = _tokenizer(folder)
        self.recipe = recipe(folder)

    def generate(self, prompts: Sequence[Redacted], max_tokens: int) -> list[str]:
        """One text per prompt, in order."""
        tokens = [self._tokenizer.encode(prompt.text).tokens for prompt in prompts]
        results = self._model.translate_batch(
            tokens, beam_size=1, max_decoding_length=max_tokens, max_input_length=0,
            repetition_penalty=REPETITION_PENALTY, no_repeat_ngram_size=NO_REPEAT_NGRAM,
        )  # fmt: skip
        return [_text(self._tokenizer, result.hypotheses[0]) for result in results]


class DecoderGenerator:
    """A decoder-only model (Llama, Qwen, GPT-2…) served by `ctranslate2.Generator`."""

    def __init__(self, folder: Path, threads: int) -> None:
        import ctranslate2

        self._model = ctranslate2.Generator(str(folder), device="cpu", inter_threads=1, intra_threads=threads)
        self._tokenizer = _tokenizer(folder)
        self.recipe = recipe(folder)

    def generate(self, prompts: Sequence[Redacted], max_tokens: int) -> list[str]:
        """One text per prompt, in order, without the prompt."""
        tokens = [self._tokenizer.encode(prompt.text).tokens for prompt in prompts]
        results = self._model.generate_batch(
            tokens, beam_size=1, sampling_topk=1, max_length=max_tokens, include_prompt_in_result=False,
            repetition_penalty=REPETITION_PENALTY, no_repeat_ngram_size=NO_REPEAT_NGRAM,
        )  # fmt: skip
        return [_text(self._tokenizer, result.sequences[0]) for result in results]


def _tokenizer(folder: Path) -> Any:
    from tokenizers import Tokenizer

    if not (folder / "tokenizer.json").exists():
        raise ModelUnusable(f"{folder} has no tokenizer.json: convert a checkpoint that has one")
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def _text(tokenizer: Any, tokens: Sequence[str]) -> str:
    identifiers = [tokenizer.token_to_id(token) for token in tokens]
    known = [identifier for identifier in identifiers if identifier is not None]
    return str(tokenizer.decode(known, skip_special_tokens=True)).strip()


@lru_cache(maxsize=1)
def load_generator(folder: Path, threads: int) -> Generator:
    """The generator at `folder`, whichever kind it is; raises ModelUnusable. Call it after any fork."""
    try:
        spec = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        is_encoder_decoder = "decoder_start_token" in spec
        return (Seq2SeqGenerator if is_encoder_decoder else DecoderGenerator)(folder, threads)
    except ModelUnusable:
        raise
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelUnusable(f"{folder} holds no usable model ({error}); run `manage.py convert` again") from error
