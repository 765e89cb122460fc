"""The API: ask, search, and single articles.

Its addresses and fields: docs/api.md.
"""

from collections.abc import Callable
from typing import Any

from django.http import JsonResponse

from copilot.language.detect import detect
from knowledge import own, runs
from knowledge.asking import Answered
from knowledge.extraction.text import escape
from knowledge.extraction.types import CannotRead
from knowledge.models import OwnArticle, Passage
from knowledge.recipes import serving_embedder
from knowledge.scope import EVERY_LANGUAGE
from knowledge.search import search
from knowledge.sources.base import VISIBILITIES
from knowledge.tasks import sync_source
from knowledge.types import Hit
from tickets import questions
from tickets.access import PersonRequest
from tickets.api import Refusal, for_role, read_json, text_of
from tickets.models.people import Role
from tickets.models.token import Scope
from tickets.redaction import redact
from tickets.reranking import serving_reranker
from tickets.views.cards import passage_url
from tickets.wake import wake

LONGEST_QUESTION = 1000
LONGEST_BODY = 1_000_000


def _escaped(text: str) -> str:
    return "\n".join(escape(line) for line in text.splitlines())


def _from_html(text: str) -> str:
    from knowledge.extraction import html  # 0.2 s and its memory, for those who send HTML

    return html.markdown(text)


FORMATS: dict[str, Callable[[str], str]] = {"markdown": str, "html": _from_html, "text": _escaped}


@for_role(Role.AGENT, POST=Scope.ASK)
def ask(request: PersonRequest) -> JsonResponse:
    """A cited answer, and what else was found."""
    said = read_json(request)
    question = text_of(said, "question", LONGEST_QUESTION)
    before = text_of(said, "before", LONGEST_QUESTION, default="")
    asked, answered = questions.ask(request.user, question, before)
    return JsonResponse({"id": asked.pk, "question": question, **_answer(answered)})


@for_role(Role.AGENT, GET=Scope.SEARCH)
def find(request: PersonRequest) -> JsonResponse:
    """The best passages for `q`, in the languages `language` (both, unless said)."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_QUESTION]
    if not words:
        raise Refusal(422, "q: words to search for are needed")
    languages = request.GET.getlist("language") or list(EVERY_LANGUAGE)
    if not set(languages) <= set(EVERY_LANGUAGE):
        raise Refusal(422, f"language: one of {', '.join(EVERY_LANGUAGE)}")
    count = request.GET.get("k", "10")
    if not count.isdecimal() or not 1 <= int(count) <= 50:
        raise Refusal(422, "k: a number from 1 to 50")
    hits = search(
        redact(words), embedder=serving_embedder(), languages=languages, audience="agent", k=int(count),
        asker=str(detect(words)), reranker=serving_reranker(),
    )  # fmt: skip
    return JsonResponse({"hits": [_hit(hit) for hit in hits]})


@for_role(Role.MANAGER, GET=Scope.READ_ARTICLES, PUT=Scope.WRITE_ARTICLES, DELETE=Scope.WRITE_ARTICLES)
def article(request: PersonRequest, name: str) -> JsonResponse:
    """Add or replace, read, or remove one article; it is found, or not, from the next look at its source on."""
    source = own.own_source()
    row = OwnArticle.objects.filter(source=source, external_id=name[:500]).first()
    if request.method == "PUT":
        values = _values(read_json(request))
        row, created = OwnArticle.objects.update_or_create(source=source, external_id=name[:500], defaults=values)
    elif row is None or row.state != OwnArticle.State.PUBLISHED:
        raise Refusal(404, "there is no such article")
    else:
        created = False
    if request.method == "DELETE":
        own.withdraw(row)
    if request.method != "GET":
        wake(sync_source, runs.ask(source).pk)
    return JsonResponse(_own(row), status=201 if created else 200 if request.method == "GET" else 202)


def _values(said: dict[str, Any]) -> dict[str, Any]:
    """An article's fields. Raises Refusal."""
    form = text_of(said, "format", 20, default="markdown")
    if form not in FORMATS:
        raise Refusal(422, f"format: one of {', '.join(FORMATS)}")
    try:
        body = FORMATS[form](text_of(said, "body", LONGEST_BODY))
    except CannotRead as error:
        raise Refusal(422, f"body: {error}") from error
    if not body.strip():
        raise Refusal(422, "body: holds no text")
    visibility = text_of(said, "visibility", 20, default="public")
    if visibility not in VISIBILITIES:
        raise Refusal(422, f"visibility: one of {', '.join(VISIBILITIES)}")
    language = text_of(said, "language", 5, default="") or str(detect(body))
    if language not in EVERY_LANGUAGE:
        raise Refusal(422, f"language: one of {', '.join(EVERY_LANGUAGE)}")
    return {
        "title": text_of(said, "title", 500), "body": body, "language": language, "visibility": visibility,
        "section": text_of(said, "section", 200, default=""), "address": text_of(said, "url", 2000, default=""),
        "state": OwnArticle.State.PUBLISHED, "origin": OwnArticle.Origin.API,
    }  # fmt: skip


def _own(row: OwnArticle) -> dict[str, Any]:
    return {
        "id": row.external_id, "title": row.title, "body": row.body, "section": row.section, "language": row.language,
        "visibility": row.visibility, "url": row.address,
    }  # fmt: skip


def _answer(answered: Answered) -> dict[str, Any]:
    evidence = {passage.id: passage for passage in answered.evidence}
    used = Passage.objects.select_related("version").in_bulk(
        {citation.evidence for sentence in answered.sentences for citation in sentence.citations}
    )
    sentences = [
        {
            "text": sentence.text, "verdict": sentence.verdict,
            "citations": [
                {"passage": citation.evidence, "title": evidence[citation.evidence].title,
                 "quote": evidence[citation.evidence].text[citation.start : citation.end],
                 "url": passage_url(used[citation.evidence])}
                for citation in sentence.citations
            ],
        }
        for sentence in answered.sentences
    ]  # fmt: skip
    return {
        "language": answered.language, "answered": bool(sentences), "reason": answered.reason, "sentences": sentences,
        "found": [_hit(hit) for hit in answered.found],
    }  # fmt: skip


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "passage": hit.passage_id, "title": hit.title, "heading": hit.heading, "text": hit.text,
        "language": hit.language, "visibility": hit.visibility, "score": round(hit.score, 4),
        "dense": round(hit.dense, 4), "bm25": round(hit.bm25, 3), "words": hit.words, "also": hit.also,
        "rerank": None if hit.rerank is None else round(hit.rerank, 3),
    }  # fmt: skip
