"""One run from documentation to a folder that serves: lists, what is held out, training, conversion, card.

Invariant: each stage leaves its result in the run's folder and is not done again, so a run that was killed goes on
where it stopped.
"""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch

from copilot.inference import catalog
from copilot.inference.convert import convert
from copilot.inference.embedder import load
from copilot.inference.manifest import MANIFEST
from copilot.inference.pairs import PAIR, Pairing
from copilot.inference.reranker import HEAD, Scores
from training.card import licences
from training.reranker import held_out
from training.reranker.batches import Batch, batches, encoded, padded
from training.reranker.card import card
from training.reranker.gather import Source, gather
from training.reranker.gather import held_out as products_left_out
from training.reranker.loop import fit
from training.reranker.network import Network
from training.reranker.recipe import RerankerRecipe

# One question in so many is measured on the way; all of them at the end.
SOME = 3


def run(source: Source, work: Path, name: str, recipe: RerankerRecipe, say: Callable[[str], None]) -> Path:
    """Train on `source`, keeping every stage in `work`; return the converted model's folder, `work/name`.

    Raises FileNotFoundError when the data are not there, ConversionFailed when the [train] extra is not installed.
    """
    torch.set_num_threads(1)
    torch.manual_seed(recipe.seed)
    work.mkdir(parents=True, exist_ok=True)
    embedder, tokenizer = load(catalog.SHIPPED, 1), catalog.SHIPPED / "tokenizer.json"
    lists = gather(source, work, embedder, recipe, say)
    tickets = source.tickets()
    left_out = products_left_out(tickets, recipe.seed)
    asked = held_out.questions(tickets, left_out, source.documents, embedder, work, recipe.measured)
    model = Network(catalog.SHIPPED, recipe.layers)
    say(f"{len(lists)} lists; {len(asked)} questions about {', '.join(left_out)}")
    pairs = encoded(lists, tokenizer, recipe.longest)

    def after(step: int) -> Iterator[Batch]:
        return batches(pairs, recipe.batch_tokens, recipe.seed + step)

    def measure(ended: bool) -> dict[str, float]:
        return held_out.measured(asked if ended else asked[::SOME], scorer(model, tokenizer))

    log = fit(model, after, measure, recipe, work, say)
    (work / "log.json").write_text(json.dumps(log, indent=1), encoding="utf-8")
    folder = converted(model, work, name, log[-1]["share"])
    text = card(name, catalog.DEFAULT, recipe, lists, licences([source.documents]), log)
    (folder / "README.md").write_text(text, encoding="utf-8")
    return folder


def scorer(model: Network, tokenizer: Path) -> Callable[[str, Sequence[str]], Scores]:
    """Scores as the converted model will give them, but for int8."""
    pairing = Pairing(tokenizer, PAIR)

    @torch.no_grad()
    def score(query: str, passages: Sequence[str]) -> Scores:
        [asked] = pairing.pieces([query])
        pairs = [pairing.pair(asked, pieces) for pieces in pairing.pieces(passages)]
        return np.asarray(model.eval()(padded(pairs, len(pairs))).numpy(), dtype=np.float32)

    return score


def converted(model: Network, work: Path, name: str, share: float) -> Path:
    """The trained network as a folder that serves."""
    checkpoint = work / "trained"
    model.bert.save_pretrained(checkpoint)
    shutil.copy(catalog.SHIPPED / "tokenizer.json", checkpoint)
    folder = convert(str(checkpoint), work / name)
    np.save(folder / HEAD, model.head.weight.detach().numpy()[0])
    said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    (folder / MANIFEST).write_text(json.dumps({**said, "kind": "reranker", "share": share}), encoding="utf-8")
    return folder
