"""The card of a trained reranker: what it is, what it learnt from and under which licences, how it stood at the end."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from training.reranker.faq import SOURCE
from training.reranker.lists import Listed
from training.reranker.recipe import RerankerRecipe

_HEAD = """# {name}

Reads a question together with a passage and gives a number that is higher when the passage answers. English and
French, across the two as well. {layers} of the layers of `{embedder}` and a linear head on the mean of the states;
pairs of at most 160 word pieces; int8, for CTranslate2. Written by `manage.py train reranker`.

Its scores compare passages of one question, and nothing else: they are no probabilities, and say nothing of whether
any of the passages answers. What it ranks is to be checked, as Souffleur does.

The weights are offered under Apache-2.0. They start from `{embedder}` (Apache-2.0, see its card) and were learnt from
the texts below, some of them share-alike; none of the texts is in this folder. Questions are headings of documentation,
their translations, sentences torn out of a section, FAQs, and tickets that were written for this project.

Run: seed {seed}, {minutes:.0f} minutes, {steps} batches, learning rate {rate}. On tickets about products it never saw,
nDCG@10 of pages {reranked_ndcg:.3f} at a share of {share} (fusion alone {fusion_ndcg:.3f}, the model alone
{alone_ndcg:.3f}).
"""
_OWN = {SOURCE: "Apache-2.0"}


def card(
    name: str, embedder: str, recipe: RerankerRecipe, lists: Sequence[Listed], licences: Mapping[str, str],
    log: Sequence[Any],
) -> str:  # fmt: skip
    """The card as Markdown."""
    end = log[-1]
    figures = {name: end[name] for name in ("reranked_ndcg", "fusion_ndcg", "alone_ndcg", "share", "minutes")}
    head = _HEAD.format(
        name=name, embedder=embedder, layers=len(recipe.layers), seed=recipe.seed, steps=end["step"],
        rate=recipe.rate, **figures,
    )  # fmt: skip
    known = {**licences, **_OWN}
    sources = Counter(one.source for one in lists)
    rows = (f"| {name} | {n} | {known.get(name, 'see its source')} |\n" for name, n in sources.most_common())
    return f"{head}\n| source | lists | licence |\n|---|---:|---|\n{''.join(rows)}"
