"""From questions that had no good answer to gaps.

Invariant: a question is of one gap at most, and stays in it; what is kept of it is its place, never its words.

A new question joins the gap whose centre it is near to; the rest are grouped among themselves, and each group is a gap.
"""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from django.db import transaction
from django.utils import timezone

from copilot.inference.embedder import Embedder, Vectors
from copilot.privacy import kept
from knowledge.clusters import NEAR, Question, clusters
from knowledge.scope import EVERY_LANGUAGE
from knowledge.search import search
from tickets.gap_signals import Signal, question_of, signals
from tickets.models import Gap, GapQuestion


def find(embedder: Embedder, now: datetime | None = None) -> int:
    """Put new questions into gaps; how many there were."""
    found = signals(now or timezone.now())
    if not found:
        return 0
    vectors = embedder.embed([kept(f"{one.question.subject}\n{one.question.text}") for one in found])
    lonely, grown = _join(found, vectors, embedder.recipe)
    # Numbered anew: a ticket and a colleague's question may have the same key.
    numbered = [_numbered(place, found[place].question) for place in lonely]
    for cluster in clusters(numbered, vectors[lonely]):
        with transaction.atomic():
            gap = Gap.objects.create(
                name=cluster.name[:100], words=list(cluster.words), recipe=embedder.recipe,
                centre=[round(float(value), 5) for value in cluster.centre],
            )  # fmt: skip
            _place(gap, [found[place] for place in cluster.members])
        grown.add(gap)
    for gap in grown:
        _best_passage(gap, embedder)
    return len(found)


def _numbered(place: int, question: Question) -> Question:
    return Question(place, question.subject, question.text, question.language)


def _join(found: Sequence[Signal], vectors: Vectors, recipe: str) -> tuple[list[int], set[Gap]]:
    """Put each question into the gap that it is near to; the places of those near to none, and the gaps that grew."""
    gaps = list(Gap.objects.filter(recipe=recipe))
    if not gaps:
        return list(range(len(found))), set()
    nearness = vectors @ np.array([gap.centre for gap in gaps], dtype=np.float32).T
    lonely: list[int] = []
    grown: set[Gap] = set()
    for place, row in enumerate(nearness):
        if row.max() >= NEAR:
            gap = gaps[int(row.argmax())]
            _place(gap, [found[place]])
            grown.add(gap)
        else:
            lonely.append(place)
    return lonely, grown


def _place(gap: Gap, found: Sequence[Signal]) -> None:
    questions = [
        GapQuestion(gap=gap, ticket=one.ticket, asked=one.asked, sign=one.sign, asked_at=one.moment) for one in found
    ]
    GapQuestion.objects.bulk_create(questions, ignore_conflicts=True)


def _best_passage(gap: Gap, embedder: Embedder) -> None:
    """What the knowledge base has that comes nearest to the newest question."""
    newest = gap.questions.select_related("ticket", "asked").first()
    if newest is None:
        return
    asked = question_of(newest)
    hits = search(
        kept(f"{asked.subject}\n{asked.text}"), embedder=embedder, languages=EVERY_LANGUAGE, audience="agent", k=1,
        asker=asked.language,
    )  # fmt: skip
    best = hits[0] if hits else None
    Gap.objects.filter(pk=gap.pk).update(
        best=best.passage_id if best else None, best_score=max(best.dense, 0.0) if best else 0.0
    )
