"""One run from documentation to a folder that serves: pieces, network, training, conversion, card.

Invariant: each stage leaves its result in the run's folder and is not done again, so a run that was killed goes on
where it stopped.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from copilot.inference.convert import convert
from copilot.inference.manifest import MANIFEST
from training.card import licences
from training.writer import vocabulary
from training.writer.batches import batches
from training.writer.card import card
from training.writer.data import WriterData, read
from training.writer.loop import Batch, fit, measure
from training.writer.network import network
from training.writer.recipe import WriterRecipe

# Tokens it reads and writes in all: twice the longest that it was trained on.
CONTEXT = 896


def run(documents: Path, work: Path, name: str, recipe: WriterRecipe, say: Callable[[str], None]) -> Path:
    """Train on `documents`, keeping every stage in `work`; return the converted model's folder, `work/name`.

    Raises FileNotFoundError when there are no documents, ConversionFailed when the [train] extra is not installed.
    """
    data = read(documents, recipe.seed)
    work.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer(data, work, recipe)
    model = network(recipe, tokenizer.get_vocab_size())
    held_out = list(batches(iter(data.measured(recipe.measured)), tokenizer, recipe.batch_tokens, recipe.longest))
    say(f"{len(data.seen)} sections; before the first step: {measure(model, held_out)}")

    def after(step: int) -> Iterator[Batch]:
        return batches(data.examples(recipe.seed + step), tokenizer, recipe.batch_tokens, recipe.longest)

    log = fit(model, after, held_out, recipe, work, say)
    (work / "log.json").write_text(json.dumps(log, indent=1), encoding="utf-8")
    folder = _converted(model, tokenizer, work, name)
    sources = Counter(section.source for section in data.seen)
    (folder / "README.md").write_text(card(name, recipe, sources, licences([documents]), log), encoding="utf-8")
    return folder


def _tokenizer(data: WriterData, work: Path, recipe: WriterRecipe) -> Tokenizer:
    path = work / "tokenizer.json"
    if not path.exists():
        half = work / "tokenizer.half"
        texts = (text for section in data.seen for text in (section.about, *section.facts))
        vocabulary.learn(texts, recipe.vocabulary).save(str(half))
        half.rename(path)
    return Tokenizer.from_file(str(path))


def _converted(model: Any, tokenizer: Tokenizer, work: Path, name: str) -> Path:
    """The trained network as a folder that serves, its manifest naming how it is prompted."""
    from transformers import PreTrainedTokenizerFast

    checkpoint = work / "trained"
    model.save_pretrained(checkpoint)
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, pad_token=vocabulary.PAD, eos_token=vocabulary.END, unk_token=vocabulary.UNKNOWN
    ).save_pretrained(checkpoint)
    folder = convert(str(checkpoint), work / name)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    (folder / MANIFEST).write_text(json.dumps({**manifest, "prompt": "numbered", "context": CONTEXT}), encoding="utf-8")
    return folder
