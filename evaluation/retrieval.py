"""Retrieval measured on a set in BEIR layout: corpus.jsonl, queries.jsonl, qrels.tsv.

Metrics as in trec_eval: recall@k is the share of a query's relevant documents among the first k, MRR@10 the
reciprocal rank of the first relevant one, nDCG@10 with gain 2^relevance - 1 and discount log2(rank + 1).
A document's rank is that of its best passage.
"""

import csv
import math
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from copilot.inference.embedder import Embedder
from copilot.inference.reranker import Reranker
from copilot.language.detect import detect
from copilot.privacy import redact
from evaluation.data import BadData, json_lines
from knowledge import weights
from knowledge.fusion import dense_weight
from knowledge.indexing import sync
from knowledge.models import Article, Passage, Source
from knowledge.search import search
from knowledge.sources.base import Document

ARMS = ("bm25", "dense", "hybrid")
DEPTH = 10
# Several passages may be of one document: look deep enough to find ten documents.
PASSAGES = 50
# Documents looked at to tell a corpus' language.
SAMPLE = 200


class Corpus:
    """A BEIR corpus as a source of articles, all in the language that most of a sample is in."""

    def __init__(self, path: Path, default: str) -> None:
        self.path = path
        sample = islice((f"{row.get('title', '')} {row['text']}" for row in self._rows()), SAMPLE)
        self.language = Counter(detect(text, default=default) for text in sample).most_common(1)[0][0]

    def _rows(self) -> Iterator[dict[str, Any]]:
        return json_lines(self.path, ("_id", "text"))

    def documents(self) -> Iterator[Document]:
        """Every document of the corpus, its text as Markdown."""
        for row in self._rows():
            yield Document(str(row["_id"]), row.get("title") or "", "", self.language, "public", row["text"])


def evaluate(
    folder: Path, language: str, embedder: Embedder, *, learn: bool = False, reranker: Reranker | None = None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Metrics per arm and one item per query and arm. `language` is the queries'; the corpus' is detected.

    With a `reranker`, "reranked" is the fusion ranked again by it.

    With `learn`, every second query is learnt from (`knowledge.weights`), and the figures are those of the others;
    "learnt" is the fusion by what was learnt, where that was kept. Call inside `scratch_database()`. Raises BadData.
    """
    queries = {str(row["_id"]): row["text"] for row in json_lines(folder / "queries.jsonl", ("_id", "text"))}
    relevant = {key: judged for key, judged in _judgements(folder / "qrels.tsv").items() if key in queries}
    corpus = Corpus(folder / "corpus.jsonl", language)
    sync(Source.objects.create(name="evaluation", location=str(folder)), corpus, embedder)
    languages = list(dict.fromkeys([language, corpus.language]))
    metrics, items = {}, []
    asked = dict(list(relevant.items())[1::2]) if learn else relevant
    for arm in (*ARMS, *(["reranked"] if reranker else []), *(["learnt"] if learn else [])):
        if arm == "learnt":
            _learn({key: queries[key] for key in relevant if key not in asked}, relevant, languages, corpus, embedder)
        rows = [
            _one(arm, key, queries[key], judged, languages, embedder, reranker if arm == "reranked" else None)
            for key, judged in asked.items()
        ]
        metrics[arm] = _mean(rows)
        items += [{**row, "arm": arm} for row in rows]
    return metrics, items


def _learn(
    queries: Mapping[str, str], relevant: Mapping[str, Mapping[str, float]], languages: Sequence[str], corpus: Corpus,
    embedder: Embedder,
) -> None:  # fmt: skip
    """Learn the arms' shares from queries with their judgements."""
    keys = dict(Article.objects.values_list("external_id", "pk"))
    known = [
        weights.Known(redact(text), languages[0], frozenset(keys[name] for name in relevant[key] if name in keys))
        for key, text in queries.items()
    ]
    within = list(dict.fromkeys([languages[0], corpus.language]))
    weights.learn(known, within, embedder, dense_weight(within, embedder.calibration))


def _judgements(path: Path) -> dict[str, dict[str, float]]:
    """Query id to document id to relevance above zero."""
    found: dict[str, dict[str, float]] = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                if float(row["score"]) > 0:
                    found.setdefault(row["query-id"], {})[row["corpus-id"]] = float(row["score"])
    except (OSError, KeyError, ValueError) as error:
        raise BadData(f"{path}: needs tab-separated columns query-id, corpus-id, score ({error})") from error
    return found


def _one(
    arm: str, identifier: str, text: str, judged: Mapping[str, float], languages: Sequence[str], embedder: Embedder,
    reranker: Reranker | None,
) -> dict[str, Any]:  # fmt: skip
    asked = arm if arm in ARMS else "hybrid"
    started = time.perf_counter()
    hits = search(
        redact(text), embedder=embedder, languages=languages, audience="customer", k=PASSAGES, arm=asked,
        reranker=reranker,
    )  # fmt: skip
    milliseconds = (time.perf_counter() - started) * 1000
    best: dict[str, float] = {}
    folded = Passage.objects.select_related("version__article").in_bulk({key for hit in hits for key in hit.also})
    for hit in hits:  # what was folded into a hit is shown beside it, and takes the next places
        for article in (hit.article, *(folded[key].version.article.external_id for key in hit.also)):
            best.setdefault(article, hit.score)
    ranked = list(best.items())[:DEPTH]
    return {
        "arm": arm, "query": identifier, "ranked": ranked, "relevant": dict(judged),
        "ms": milliseconds, **_scores([document for document, _ in ranked], judged),
    }  # fmt: skip


def _scores(ranked: Sequence[str], judged: Mapping[str, float]) -> dict[str, float]:
    gains = [2 ** judged.get(document, 0.0) - 1 for document in ranked]
    ideal = sorted((2**relevance - 1 for relevance in judged.values()), reverse=True)[:DEPTH]
    first = next((rank for rank, gain in enumerate(gains, 1) if gain), None)
    recall = {f"recall_at_{k}": len(judged.keys() & set(ranked[:k])) / len(judged) for k in (1, 3, 5, 10)}
    return {**recall, "mrr_at_10": 1 / first if first else 0.0, "ndcg_at_10": _dcg(gains) / _dcg(ideal)}


def _dcg(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


def _mean(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    if not rows:
        raise BadData("no query of queries.jsonl is judged in qrels.tsv")
    names = [name for name in rows[0] if name.startswith(("recall", "mrr", "ndcg"))]
    milliseconds = sorted(row["ms"] for row in rows)
    return {
        **{name: statistics.fmean(row[name] for row in rows) for name in names},
        "ms_p50": percentile(milliseconds, 50),
        "ms_p95": percentile(milliseconds, 95),
    }


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile of sorted values."""
    return ordered[max(math.ceil(len(ordered) * percent / 100) - 1, 0)] if ordered else 0.0
