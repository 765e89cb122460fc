"""The dense arm's share, learnt from questions whose answers are known.

Invariant: a share is kept only when it ranks questions that it was not chosen by better than the embedder's own share
does; few questions move it little.

The share is chosen by the listwise softmax loss (Cao et al., "Learning to Rank: From Pairwise Approach to Listwise
Approach", 2007) plus a penalty for leaving the embedder's share. Loss and penalty were chosen on 37 sets of questions,
half of each for choosing and half for measuring (docs/adr/0014).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from copilot.inference.embedder import Embedder
from copilot.privacy.text import Redacted
from knowledge.abbreviations import glossed
from knowledge.fusion import kind_of, scaled
from knowledge.models import FusionWeight, Passage
from knowledge.ranking import Arms, Scores, rankings
from knowledge.scope import Scope

Numbers = npt.NDArray[np.float64]
GRID: Numbers = np.round(np.arange(0.05, 0.96, 0.05), 2)
SHARPNESS = 15.0
PENALTY = 50.0
LEAST = 20
# By how much of nDCG@10 a share must be better on held-out questions.
MARGIN = 0.005
FOLDS = 5
DEEP = 200
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Known:
    """A question, its language, and the articles (keys) that answer it."""

    text: Redacted
    language: str
    articles: frozenset[int]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A question's candidates: both arms' scaled scores, each candidate's article, and which articles answer."""

    dense: Numbers
    bm25: Numbers
    articles: npt.NDArray[np.int64]
    gold: npt.NDArray[np.bool_]
    answers: int


def learn(
    questions: Sequence[Known], languages: Sequence[str], embedder: Embedder, start: float
) -> FusionWeight | None:
    """Choose, check and keep a share for questions that are asked over passages in `languages`.

    None, and nothing is kept, when there are fewer than LEAST questions that can be ranked, or the embedder's own share
    is as good.
    """
    rows = _ranked_all(questions, languages, embedder)
    if len(rows) < LEAST:
        return None
    kind = kind_of(list(dict.fromkeys([questions[0].language, *languages])))
    before, after = _held_out(rows, start)
    kept = FusionWeight.objects.filter(recipe=embedder.recipe, kind=kind)
    if after < before + MARGIN:
        kept.delete()
        return None
    values = {"weight": choose(rows, start), "questions": len(rows), "before": before, "after": after}
    return FusionWeight.objects.update_or_create(recipe=embedder.recipe, kind=kind, defaults=values)[0]


def choose(rows: Sequence[Ranked], start: float) -> float:
    """The share of the grid with the least loss."""
    losses = [sum(_loss(row, share) for row in rows) + PENALTY * (share - start) ** 2 for share in GRID]
    return float(GRID[int(np.argmin(losses))])


def ndcg(row: Ranked, share: float) -> float:
    """nDCG@10 over articles: an article's rank is that of its best passage."""
    order = np.argsort(-(share * row.dense + (1 - share) * row.bm25), kind="stable")
    seen: dict[int, bool] = {}
    for place in order:
        seen.setdefault(int(row.articles[place]), bool(row.gold[place]))
        if len(seen) == DEPTH:
            break
    gain = sum(1 / math.log2(rank + 2) for rank, good in enumerate(seen.values()) if good)
    return gain / sum(1 / math.log2(rank + 2) for rank in range(min(row.answers, DEPTH)))


def _held_out(rows: Sequence[Ranked], start: float) -> tuple[float, float]:
    """nDCG@10 of the start and of what the other folds choose, each on questions that were not chosen by."""
    before, after = [], []
    for fold in range(FOLDS):
        share = choose([row for n, row in enumerate(rows) if n % FOLDS != fold], start)
        rest = [row for n, row in enumerate(rows) if n % FOLDS == fold]
        before += [ndcg(row, start) for row in rest]
        after += [ndcg(row, share) for row in rest]
    return float(np.mean(before)), float(np.mean(after))


def _loss(row: Ranked, share: float) -> float:
    scores = SHARPNESS * (share * row.dense + (1 - share) * row.bm25)
    return float(np.logaddexp.reduce(scores) - np.logaddexp.reduce(scores[row.gold]))


def _ranked_all(questions: Sequence[Known], languages: Sequence[str], embedder: Embedder) -> list[Ranked]:
    """Questions of one language that a candidate answers; embedded together, searched for one by one."""
    spoken = list(dict.fromkeys([questions[0].language, *languages]))
    arms = Arms(spoken, embedder.recipe, Scope(languages, "customer"), 0.5)
    texts = glossed([question.text for question in questions], arms.scope)
    found = [
        rankings([text], [vector], arms, DEEP)[0] for text, vector in zip(texts, embedder.embed(texts), strict=True)
    ]
    passages = {key for scores in found for key in scores}
    article = dict(Passage.objects.filter(pk__in=passages).values_list("pk", "version__article_id"))
    rows = [_ranked(one, scores, article) for one, scores in zip(questions, found, strict=True)]
    return [row for row in rows if row is not None]


def _ranked(question: Known, found: Mapping[int, Scores], article: Mapping[int, int]) -> Ranked | None:
    """None where no candidate answers: no share would help."""
    keys = [key for key in found if key in article]
    articles = np.array([article[key] for key in keys], dtype=np.int64)
    gold = np.isin(articles, list(question.articles))
    if not gold.any():
        return None
    dense, words = scaled({key: found[key].dense for key in keys}), scaled({key: found[key].bm25 for key in keys})
    return Ranked(
        np.array([dense.get(key, 0.0) for key in keys]), np.array([words.get(key, 0.0) for key in keys]), articles,
        gold, len(question.articles),
    )  # fmt: skip
