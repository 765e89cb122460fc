"""Gaps found in tickets of which some have no answer: who is in one, and what it is called.

Every ticket is drafted as in production; those without an answer are the traffic that gaps are made of.
"""

from pathlib import Path
from typing import Any

from copilot.drafting.kinds import NO_ARTICLE_HELPS
from copilot.drafting.reading import Reader
from copilot.inference.embedder import Embedder
from copilot.privacy import kept, redact
from evaluation.data import BadData, json_lines
from evaluation.drafting import FIELDS, draft_one
from knowledge.clusters import Question, clusters


def evaluate(tickets: Path, embedder: Embedder, reader: Reader | None = None) -> tuple[dict[str, Any], list[Any]]:
    """Figures, and one item for each gap. Call inside `scratch_database()` after `index_folder`. Raises BadData."""
    rows = list(json_lines(tickets, FIELDS))
    drafts = [draft_one(row, embedder, None, reader) for row in rows]
    silent = [n for n, draft in enumerate(drafts) if draft["abstained"] and draft["reason"] not in NO_ARTICLE_HELPS]
    if not silent:
        raise BadData(f"{tickets}: every ticket has an answer, so there is no gap")
    questions = [
        Question(n, redact(rows[n]["subject"]).text, redact(rows[n]["body"]).text, rows[n]["lang"]) for n in silent
    ]
    vectors = embedder.embed([kept(f"{question.subject}\n{question.text}") for question in questions])
    found = clusters(questions, vectors)
    unanswerable = {n for n, draft in enumerate(drafts) if not draft["answerable"]}
    items = [
        {
            "name": gap.name, "words": list(gap.words), "size": len(gap.members),
            "unanswerable": len(unanswerable.intersection(gap.members)),
            "subjects": [rows[n]["subject"] for n in gap.members],
        }
        for gap in found
    ]  # fmt: skip
    inside = unanswerable.intersection(silent)
    return {
        "tickets": len(rows), "unanswerable": len(unanswerable), "unanswerable_in_gaps": len(inside),
        "answerable_in_gaps": len(silent) - len(inside), "gaps": len(found), "largest": len(found[0].members),
    }, items  # fmt: skip
