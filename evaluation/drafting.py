"""Drafts measured on real tickets with gold pages and gold quotes.

Page figures and quote recall are over the answerable tickets, where abstaining counts 0; citation precision is over
the drafts written for them: of all their cited sentences, the share whose page is a gold page.
"""

import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from copilot.drafting.reading import Reader
from copilot.drafting.types import Evidence, Request, Sentence
from copilot.inference.embedder import Embedder
from copilot.inference.generator import Generator
from copilot.language.words import content_words
from copilot.privacy import redact
from evaluation.data import BadData, json_lines
from evaluation.retrieval import percentile
from knowledge.answer import answer
from knowledge.indexing import sync
from knowledge.models import Source
from knowledge.sources.folder import Folder

GROUPS = ("all", "en", "fr")
REASONS = ("nothing_found", "not_answering", "needs_lookup", "not_a_question")
FIELDS = ("id", "subject", "body", "lang")


def index_folder(folder: Path, embedder: Embedder) -> None:
    """Make `folder` the knowledge base of the scratch database. Raises BadData when nothing in it can be read."""
    source = Source.objects.create(name="evaluation", location=str(folder))
    report = sync(source, Folder(folder), embedder)
    if not report.passages:
        raise BadData(f"{folder}: holds no article that can be read")


def evaluate(
    tickets: Path, embedder: Embedder, generator: Generator | None = None, reader: Reader | None = None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Metrics per group and one item per ticket. Call inside `scratch_database()` after `index_folder`."""
    items = [draft_one(ticket, embedder, generator, reader) for ticket in json_lines(tickets, FIELDS)]
    if not items:
        raise BadData(f"{tickets}: holds no ticket")
    return {group: _metrics([item for item in items if group in ("all", item["lang"])]) for group in GROUPS}, items


def draft_one(
    ticket: Mapping[str, Any], embedder: Embedder, generator: Generator | None, reader: Reader | None = None
) -> dict[str, Any]:
    """One ticket's evidence and draft, with everything the figures are counted from."""
    started = time.perf_counter()
    request = Request(redact(ticket["subject"]), redact(ticket["body"]), ticket["lang"])
    found = answer(request, embedder=embedder, generator=generator, reader=reader)
    seconds = time.perf_counter() - started
    written, by_id = found.draft, {passage.id: passage for passage in found.evidence}
    return {
        "id": ticket["id"],
        "lang": ticket["lang"],
        "subject": ticket["subject"],
        "answerable": ticket.get("answerable", True),
        "gold_pages": ticket.get("gold_pages", []),
        "gold_quotes": ticket.get("gold_quotes", []),
        "abstained": written.abstained,
        "reason": written.reason,
        "seconds": seconds,
        "ranked": [_passage(passage) for passage in found.evidence],
        "sentences": [_sentence(sentence, by_id) for sentence in written.sentences],
        "words": _words(written.sentences),
        "evidence_words": _words(written.facts),
        "answers": written.nearness,
    }


def _passage(passage: Evidence) -> dict[str, Any]:
    return {
        "page": passage.page, "title": passage.title, "heading": passage.heading,
        "score": passage.score, "dense": passage.dense, "text": passage.text,
    }  # fmt: skip


def _sentence(sentence: Sentence, by_id: Mapping[int, Evidence]) -> dict[str, Any]:
    cited = [by_id[citation.evidence] for citation in sentence.citations]
    return {
        "text": sentence.text,
        "kind": sentence.kind,
        "verdict": sentence.verdict,
        "cites": [citation.number for citation in sentence.citations],
        "pages": [passage.page for passage in cited],
        "passages": [passage.text for passage in cited],
    }


def _words(sentences: Sequence[Sentence]) -> int:
    return sum(len(sentence.text.split()) for sentence in sentences)


def _metrics(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    answerable = [item for item in items if item["answerable"]]
    seconds = sorted(item["seconds"] for item in items)
    return {
        "tickets": len(items),
        **{f"page_at_{k}": _mean(_page_found(item, k) for item in answerable) for k in (1, 3, 5)},
        "answered": sum(not item["abstained"] for item in items),
        **_abstaining(items),
        **{f"said_{reason}": sum(item["reason"] == reason for item in items) for reason in REASONS},
        "quote_recall": _mean(_quote_recall(item) for item in answerable),
        "citation_precision": _mean(hit for item in answerable for hit in _citation_hits(item)),
        "words_mean": _mean(item["words"] for item in items if not item["abstained"]),
        "words_of_evidence": _mean(item["evidence_words"] for item in items if not item["abstained"]),
        "seconds_p50": percentile(seconds, 50),
        "seconds_p95": percentile(seconds, 95),
    }


def _mean(values: Iterator[float]) -> float | None:
    found = list(values)
    return statistics.fmean(found) if found else None


def _page_found(item: Mapping[str, Any], k: int) -> float:
    return float(any(passage["page"] in item["gold_pages"] for passage in item["ranked"][:k]))


def _abstaining(items: Sequence[Mapping[str, Any]]) -> dict[str, float | None]:
    """Precision, recall and F1 of abstaining on the tickets that cannot be answered."""
    abstained = sum(item["abstained"] for item in items)
    unanswerable = sum(not item["answerable"] for item in items)
    right = sum(item["abstained"] and not item["answerable"] for item in items)
    return {
        "abstain_precision": right / abstained if abstained else None,
        "abstain_recall": right / unanswerable if unanswerable else None,
        "abstain_f1": 2 * right / (abstained + unanswerable) if abstained + unanswerable else None,
    }


def _facts(item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [sentence for sentence in item["sentences"] if sentence["kind"] == "fact" and sentence["cites"]]


def _quote_recall(item: Mapping[str, Any]) -> float:
    """The share of the gold quotes' distinct words that the draft's cited sentences hold."""
    gold = {word for quote in item["gold_quotes"] for word in _bag(quote)}
    said = {word for sentence in _facts(item) for word in _bag(sentence["text"])}
    return len(gold & said) / len(gold) if gold else 0.0


def _bag(text: str) -> set[str]:
    """Lower-case words without the stop words of either language: a quote may be in another than the ticket."""
    return set(content_words(text, "en")) & set(content_words(text, "fr"))


def _citation_hits(item: Mapping[str, Any]) -> list[float]:
    return [float(any(page in item["gold_pages"] for page in fact["pages"])) for fact in _facts(item)]
