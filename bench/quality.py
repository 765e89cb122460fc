"""What int8, another runtime or another model does to vectors: near to what they were, and finding what they found.

Invariant: every way embeds the same texts and the nearest are found exactly, so that only vectors differ. Documents
are embedded whole, as far as a model reads: figures here compare ways, `manage.py evaluate retrieval` measures search.
"""

import csv
import math
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from copilot.inference.embedder import Vectors
from copilot.privacy import Redacted, redact
from copilot.privacy.text import published
from demo.incoming import SAMPLES, read_tickets
from evaluation.data import json_lines

DEPTH = 10


class Judged(NamedTuple):
    """Documents and questions, and for each question the places of its documents with their relevance."""

    documents: Sequence[Redacted]
    questions: Sequence[Redacted]
    relevant: Sequence[Mapping[int, float]]

    @property
    def texts(self) -> list[Redacted]:
        """What is to be embedded, the documents first."""
        return [*self.documents, *self.questions]


def judged(folder: Path | None) -> Judged:
    """A BEIR folder; without one the sample help centre, asked the sample tickets that it answers."""
    return _beir(folder) if folder else _samples()


def _beir(folder: Path) -> Judged:
    documents = {str(row["_id"]): row for row in json_lines(folder / "corpus.jsonl", ("_id", "text"))}
    questions = {str(row["_id"]): row["text"] for row in json_lines(folder / "queries.jsonl", ("_id", "text"))}
    places = {key: place for place, key in enumerate(documents)}
    relevant: dict[str, dict[int, float]] = {}
    with (folder / "qrels.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if float(row["score"]) > 0 and row["query-id"] in questions:
                relevant.setdefault(row["query-id"], {})[places[row["corpus-id"]]] = float(row["score"])
    texts = [published(f"{row.get('title') or ''}\n{row['text']}".strip()) for row in documents.values()]
    return Judged(texts, [redact(questions[key]) for key in relevant], list(relevant.values()))


def _samples() -> Judged:
    pages = sorted((SAMPLES / "kb").rglob("*.md"))
    places = {str(page.relative_to(SAMPLES / "kb")): place for place, page in enumerate(pages)}
    tickets = [row for row in read_tickets(SAMPLES / "incoming.jsonl") if row.get("gold_pages")]
    return Judged(
        [published(page.read_text(encoding="utf-8")) for page in pages],
        [redact(f"{row['subject']}\n{row['body']}") for row in tickets],
        [{places[page]: 1.0 for page in row["gold_pages"]} for row in tickets],
    )


def ndcg(vectors: Vectors, data: Judged) -> float:
    """The mean nDCG@10 of the questions, by cosine over all documents; `vectors` are those of `data.texts`."""
    documents, questions = vectors[: len(data.documents)], vectors[len(data.documents) :]
    ranked = (-questions @ documents.T).argsort(axis=1, kind="stable")[:, :DEPTH]
    return statistics.fmean(_one(row.tolist(), judged) for row, judged in zip(ranked, data.relevant, strict=True))


def _one(ranked: Sequence[int], relevant: Mapping[int, float]) -> float:
    gains = [2 ** relevant.get(place, 0.0) - 1 for place in ranked]
    ideal = sorted((2**relevance - 1 for relevance in relevant.values()), reverse=True)[:DEPTH]
    return _dcg(gains) / _dcg(ideal)


def _dcg(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


def cosine(left: Vectors, right: Vectors) -> float:
    """The mean cosine of the same texts' unit vectors."""
    return float((left * right).sum(axis=1).mean())
