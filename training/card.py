"""The card of a trained embedder: what it is, what it learnt from and under which licences, how it stood at the end."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from training.corpora import QUESTIONS
from training.recipe import Recipe

_HEAD = """# {name}

Sentence vectors of English and French in one space: 384 numbers, unit length, mean over tokens, 256 tokens at most.
A student of all-MiniLM-L6-v2 (Apache-2.0), of the same shape, on MiniLM's vocabulary with French words added: a new
word starts where its English translations are, and training moves French texts to the vectors that MiniLM gives their
English twins, while English texts stay at their own. Written by `manage.py train embedder`; int8, for CTranslate2.

It reads English and French. Other languages, and scripts that are not Latin, it does not know. Names, negation and
numbers move a vector little: whoever answers from what it finds must check them, as Souffleur does.

The weights are offered under Apache-2.0. They were learnt from the texts below, some of them share-alike; none of
the texts is in this folder.

Run: seed {seed}, {epochs} epochs, {batch_tokens} tokens a batch, learning rates {layers_rate} (layers) and {words_rate}
(words); {share} of what was learnt is kept, in an average with the weights it started from. Before averaging, on pairs
it never saw: French sentence to its English twin among {held_out}: {twins:.3f}; mean cosine of English to MiniLM's
own: {english:.4f}.
"""


def card(
    name: str, recipe: Recipe, sources: Mapping[str, Counter[str]], licences: Mapping[str, str], log: Sequence[Any],
    held_out: int,
) -> str:  # fmt: skip
    """The card as Markdown. `sources` counts the texts of each kind of data by source."""
    end: dict[str, Any] = next((entry for entry in reversed(log) if "eval_twins" in entry), {})
    head = _HEAD.format(
        name=name, seed=recipe.seed, epochs=recipe.epochs, batch_tokens=recipe.batch_tokens, held_out=held_out,
        layers_rate=recipe.layers_rate, words_rate=recipe.words_rate, share=recipe.share,
        twins=end.get("eval_twins", float("nan")), english=end.get("eval_english", float("nan")),
    )  # fmt: skip
    return head + "".join(_table(kind, counts, licences) for kind, counts in sources.items())


def _table(kind: str, counts: Counter[str], licences: Mapping[str, str]) -> str:
    rows = (f"| {name} | {count} | {licences.get(name, 'see its source')} |\n" for name, count in counts.most_common())
    return f"\n## {kind}\n\n| source | texts | licence |\n|---|---:|---|\n{''.join(rows)}"


def licences(folders: Iterable[Path]) -> dict[str, str]:
    """The licence of each source, from the table of each folder's LICENSES.md (columns `file` and `licence`)."""
    found = {source: licence for source, (_, _, _, licence) in QUESTIONS.items()}
    for folder in folders:
        path = folder / "LICENSES.md"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
        if table and "licence" in table[0]:
            column = table[0].index("licence")
            found |= {row[0].removesuffix(".tsv"): row[column] for row in table[1:] if len(row) > column}
    return found
