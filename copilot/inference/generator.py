"""Text from a CTranslate2 model, encoder-decoder or decoder-only, behind one interface.

Invariant: the same folder and prompt give the same text, whatever it is batched with (greedy search, and no penalty:
CTranslate2 counts it over a longer prompt's tail too), and no text is longer than `max_tokens` tokens.
"""

import atexit
import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from copilot.inference.manifest import MANIFEST, ModelUnusable, PromptStyle, read
from copilot.inference.prompts import Prompt
from copilot.inference.resident import resident_megabytes
from copilot.inference.watch import OnText, ShouldStop
from copilot.privacy.text import Redacted

# How prompts are laid out and texts stopped; part of the recipe, since it changes texts.
LAYOUT = "2"
_RECIPE_FILES = ("model.bin", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja", MANIFEST)


class Generator(Protocol):
    """What the model writer needs. `style` says which prompt the model reads best."""

    recipe: str
    style: PromptStyle

    def generate(
        self,
        prompts: Sequence[Prompt | Redacted],
        max_tokens: int,
        *,
        on_text: OnText | None = None,
        should_stop: ShouldStop | None = None,
    ) -> list[str]:
        """One text per prompt, in order; loops and endless nothing are cut short.

        `on_text(index, text so far)` is told of each token; `should_stop()` is asked at each, and when it says yes the
        texts end where they are. What either raises is raised here, after the model has stopped.
        """
        ...


def recipe(folder: Path) -> str:
    """What made a text: the folder's name, and a hash of weights, tokenizer, template, manifest and layout."""
    files = [file for name in _RECIPE_FILES if (file := folder / name).exists()]
    return f"{folder.name}-{_digest(*((file, file.stat().st_mtime_ns, file.stat().st_size) for file in files))}"


@lru_cache(maxsize=16)
def _digest(*stamped: tuple[Path, int, int]) -> str:
    """Eight hexadecimal digits for these files, each given with the time it was written and its size."""
    digest = hashlib.sha256(LAYOUT.encode())
    for path, _, _ in stamped:
        with path.open("rb") as file:
            digest.update(path.name.encode() + hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:8]


def load_generator(folder: Path, threads: int) -> Generator:
    """The generator at `folder`, whichever kind it is, loaded once; a folder that was replaced is loaded anew.

    Raises ModelUnusable. Call it after any fork.
    """
    try:
        return _load(folder, recipe(folder), threads)
    except ModelUnusable:
        raise
    except Exception as error:  # tokenizers raises nothing more exact
        raise ModelUnusable(f"{folder} holds no usable model ({error}); run `manage.py convert` again") from error


@lru_cache(maxsize=1)
def _load(folder: Path, recipe: str, threads: int) -> Generator:
    """`recipe` makes a folder that was replaced load anew; the one before is let go."""
    from copilot.inference.generator_decoder import DecoderGenerator
    from copilot.inference.generator_seq2seq import Seq2SeqGenerator

    if read(folder).get("kind", "generator") != "generator":
        raise ModelUnusable(f"{folder} is an embedder and writes nothing: name it in SOUFFLEUR_EMBEDDER")
    before = resident_megabytes()
    spec = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    kind = Seq2SeqGenerator if "decoder_start_token" in spec else DecoderGenerator
    model = kind(folder, recipe, threads)
    model.megabytes = max(0, resident_megabytes() - before)
    return model


# CTranslate2's thread keeps the last callback; let go while the interpreter still stands, or the process aborts.
atexit.register(_load.cache_clear)
