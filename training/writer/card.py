"""The card of a trained writer: what it is, what it learnt from and under which licences, how it stood at the end."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from training.writer.recipe import WriterRecipe

_HEAD = """# {name}

Turns what a customer needs and numbered facts into a reply: the facts that answer, in their order, each followed by its
number. English and French. An encoder-decoder ({encoder} + {decoder} layers of width {width}, a cased byte-level BPE of
{vocabulary} pieces), int8, for CTranslate2. Written by `manage.py train writer`.

It starts as a network whose weights are set to copy (training/writer/network.py) and learns from needs made of
documentation which facts to say, which to leave, and how little of them to change: words that join a sentence to the
one before and brackets that claim nothing are left out. It was trained on synthetic needs alone. It knows no
facts of its own, cannot reason, compute or translate; what it says is to be checked against the facts that it cites, as
Souffleur does.

The weights are offered under Apache-2.0. They were learnt from the texts below, some of them share-alike; none of the
texts is in this folder.

Run: seed {seed}, {steps} steps of {batch_tokens} tokens, learning rate {rate}. On sources it never saw, the share of
replies whose every piece is the likeliest given those before: {exact:.3f}; loss {loss:.4f}.
"""


def card(
    name: str, recipe: WriterRecipe, sources: Counter[str], licences: Mapping[str, str], log: Sequence[Any]
) -> str:
    """The card as Markdown. `sources` counts the sections of each source."""
    end: dict[str, Any] = next((entry for entry in reversed(log) if "exact" in entry), {})
    head = _HEAD.format(
        name=name, encoder=recipe.encoder_layers, decoder=recipe.decoder_layers, width=recipe.width,
        vocabulary=recipe.vocabulary, seed=recipe.seed, steps=recipe.steps, batch_tokens=recipe.batch_tokens,
        rate=recipe.rate, exact=end.get("exact", float("nan")), loss=end.get("held_out", float("nan")),
    )  # fmt: skip
    rows = (f"| {name} | {n} | {licences.get(name, 'see its source')} |\n" for name, n in sources.most_common())
    return f"{head}\n| source | sections | licence |\n|---|---:|---|\n{''.join(rows)}"
