"""What a run is measured on and `share` is chosen by: tickets about products left out, as the search finds for them.

Invariant: nothing of these products is in any list, and none of the sets that docs/training.md reports is among them.
"""

import json
import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from copilot.inference.embedder import Embedder
from copilot.privacy import published
from evaluation.scratch import scratch_database
from knowledge.indexing import sync
from knowledge.models import Source
from knowledge.reranking import DEPTH, read_text, standardised
from knowledge.search import search
from training.reader.examples import Example
from training.reader.library import Library
from training.reranker.tickets import asked

FILE = "held-out.json"
SHARES = (0.0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.15, 0.2)
Score = Callable[[str, Sequence[str]], "np.typing.NDArray[np.float32]"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what was found for it, best first: passages, fused scores, pages, and which pages answer."""

    query: str
    passages: list[str]
    fused: list[float]
    pages: list[str]
    gold: list[str]


def questions(
    tickets: Sequence[Example], products: Sequence[str], documents: Path, embedder: Embedder, work: Path, most: int
) -> list[Question]:
    """Found once for a run, `most` of them; a question without an answer among what was found tells nothing."""
    file = work / FILE
    if not file.exists():
        found: list[Question] = []
        for product in products:
            if len(found) < most:
                found += _found([one for one in tickets if one.source == product], product, documents, embedder)
        half = file.with_suffix(".half")
        half.write_text(json.dumps([asdict(one) for one in found]), encoding="utf-8")
        half.rename(file)
    kept = [Question(**row) for row in json.loads(file.read_text(encoding="utf-8"))]
    return kept[:most]


def _found(tickets: Sequence[Example], product: str, documents: Path, embedder: Embedder) -> list[Question]:
    made = []
    with scratch_database():
        source = Source.objects.create(name=product, location=product)
        articles = Library(documents).articles(product)
        sync(source, articles, embedder)
        spoken = [next(articles.documents()).language]
        for one in tickets:
            hits = search(
                published(asked(one)), embedder=embedder, languages=spoken, audience="customer", k=DEPTH,
                asker=one.language,
            )  # fmt: skip
            gold = sorted({quote.page for quote in one.quotes})
            if {hit.article for hit in hits} & set(gold):
                texts = [read_text(hit.title, hit.heading, hit.text) for hit in hits]
                pages, fused = [hit.article for hit in hits], [hit.score for hit in hits]
                made.append(Question(asked(one), texts, fused, pages, gold))
    return made


def measured(found: Sequence[Question], score: Score) -> dict[str, float]:
    """nDCG@10 and rank 1 of pages by fusion alone and at the best share, and that share."""
    standard = [standardised(score(one.query, one.passages)) for one in found]
    by_share: dict[float, list[tuple[float, float]]] = defaultdict(list)
    for share in SHARES:
        for one, scores in zip(found, standard, strict=True):
            by_share[share].append(_figures(one, np.asarray(one.fused) + share * scores))
    mean = {share: np.mean(rows, axis=0) for share, rows in by_share.items()}
    best = max(SHARES, key=lambda share: (mean[share][0], -share))
    alone = np.mean([_figures(one, scores) for one, scores in zip(found, standard, strict=True)], axis=0)
    return {
        "share": best, **_named("fusion", mean[0.0]), **_named("reranked", mean[best]), **_named("alone", alone),
    }  # fmt: skip


def _named(name: str, figures: Any) -> dict[str, float]:
    return {f"{name}_ndcg": round(float(figures[0]), 4), f"{name}_first": round(float(figures[1]), 4)}


def _figures(one: Question, scores: Any) -> tuple[float, float]:
    """nDCG@10 over pages, each where its best passage stands, and whether the first one answers."""
    order = np.argsort(-np.asarray(scores), kind="stable")
    pages = list(dict.fromkeys(one.pages[place] for place in order))[:10]
    gains = [float(page in one.gold) for page in pages]
    ideal = sum(1 / math.log2(rank + 2) for rank in range(min(10, len(one.gold))))
    return sum(gain / math.log2(rank + 2) for rank, gain in enumerate(gains)) / ideal, gains[0]
