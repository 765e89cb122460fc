"""Retrieval laid open: each arm's ranking, their fusion and the reranker's; and articles that need a look."""

import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from copilot.inference.manifest import ModelUnusable
from copilot.language.detect import detect
from knowledge.abbreviations import glossed
from knowledge.recipes import serving_embedder
from knowledge.scope import EVERY_LANGUAGE, Scope
from knowledge.search import search
from knowledge.types import Hit
from tickets import checks
from tickets.access import PersonRequest, role_required
from tickets.models.people import Role
from tickets.redaction import redact
from tickets.reranking import serving_reranker

SHOWN = 10
ARMS = [("bm25", _("Words (BM25)")), ("dense", _("Meaning (vectors)")), ("hybrid", _("Fusion"))]
RERANKED = ("reranked", _("Reranker"))


@dataclass(frozen=True)
class Column:
    """One ranking, and how long it took."""

    arm: str
    label: str | Promise
    hits: list[Hit]
    milliseconds: float


@role_required(Role.MANAGER)
@require_safe
def playground(request: PersonRequest) -> HttpResponse:
    """Every arm's answer to one question."""
    question = request.GET.get("q", "").replace("\0", "").strip()[:1000]
    language = request.GET.get("language", "")
    values: dict[str, Any] = {
        "question": question,
        "language": language,
        "languages": EVERY_LANGUAGE,
        "columns": [],
        "spelt": "",
        "error": "",
        "has_reranker": bool(settings.RERANKER),
    }
    if question:
        languages = [language] if language in EVERY_LANGUAGE else list(EVERY_LANGUAGE)
        spelt = glossed([redact(question)], Scope(languages, "agent"))[0].restore()
        values["spelt"] = spelt if spelt != question else ""
        try:
            values["columns"] = _columns(question, languages)
        except ModelUnusable as error:
            values["error"] = str(error)
    return render(request, "playground.html", values)


@role_required(Role.MANAGER)
@require_safe
def health(request: PersonRequest) -> HttpResponse:
    """Articles that nobody cites, are often rejected, contradict another, or hold what may be private."""
    values = {
        "never": checks.never_cited(), "rejected": checks.often_rejected(), "pairs": checks.contradictions(),
        "revealing": checks.revealing(),
    }  # fmt: skip
    return render(request, "checks.html", values)


def _columns(question: str, languages: list[str]) -> list[Column]:
    embedder, words, asker = serving_embedder(), redact(question), str(detect(question))
    reranker = serving_reranker()
    found = []
    for arm, label in [*ARMS, *([RERANKED] if reranker else [])]:
        again = (arm, label) == RERANKED
        started = time.perf_counter()
        hits = search(
            words, embedder=embedder, languages=languages, audience="agent", k=SHOWN, arm="hybrid" if again else arm,
            asker=asker, reranker=reranker if again else None,
        )  # fmt: skip
        found.append(Column(arm, label, hits, (time.perf_counter() - started) * 1000))
    return found
