"""Ask the knowledge base: a question in plain words, an answer made of passages, and what a reply may take from it."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from copilot.drafting.types import Citation, Evidence
from copilot.inference.manifest import ModelUnusable
from knowledge.asking import Answered
from knowledge.lookup import by_words
from knowledge.models import Passage
from tickets import questions
from tickets.access import PersonRequest, get_asked_for, get_draft_for, role_required
from tickets.models import Asked, Draft
from tickets.models.people import Role
from tickets.views.cards import cut

LONGEST = 1000


@dataclass(frozen=True)
class Said:
    """A sentence of the answer, with the numbers of the passages that carry it."""

    text: str
    language: str
    numbers: list[int]


@dataclass(frozen=True)
class Card:
    """A passage that the answer quotes: `parts` are its text, the quoted words marked."""

    number: int
    passage: Passage
    parts: list[tuple[str, bool]]


@role_required(Role.AGENT)
@require_safe
def ask(request: PersonRequest) -> HttpResponse:
    """The page. `draft` is the one that an answer may be used in."""
    draft = _draft(request, request.GET.get("draft", ""))
    return render(request, "ask.html", {"draft": draft, "question": request.GET.get("q", "")[:LONGEST]})


@role_required(Role.AGENT)
@require_POST
def answer(request: PersonRequest) -> HttpResponse:
    """One answer, with the question that was asked before it in mind."""
    question = request.POST.get("q", "").replace("\0", "").strip()[:LONGEST]
    draft = _draft(request, request.POST.get("draft", ""))
    if not question:
        return render(request, "_fragments/answer.html", {"error": _("Type a question first.")}, status=422)
    try:
        asked, answered = questions.ask(request.user, question, request.POST.get("before", "")[:LONGEST])
    except ModelUnusable:
        error = _("The model that searches cannot be loaded. An administrator sees why under Problems.")
        return render(request, "_fragments/answer.html", {"error": error, "question": question}, status=503)
    values = {
        "question": question, "asked": asked, "answered": answered, "said": _said(answered), "cards": _cards(answered),
        "draft": draft, "text": " ".join(sentence.text for sentence in answered.sentences),
    }  # fmt: skip
    return render(request, "_fragments/answer.html", values)


@role_required(Role.AGENT)
@require_safe
def suggest(request: PersonRequest) -> HttpResponse:
    """Passages as the question is typed: by words, so that no page waits for a model."""
    words = request.GET.get("q", "").replace("\0", "")[:200]
    found = by_words(words, request.user.language, internal=True) if len(words.strip()) > 2 else []
    return render(request, "_fragments/suggestions.html", {"found": found, "words": words.strip()})


@role_required(Role.AGENT)
@require_POST
def feedback(request: PersonRequest, pk: int) -> HttpResponse:
    """Useful, wrong passage or outdated; the same again takes it back."""
    asked = get_asked_for(request.user, pk)
    said = request.POST.get("feedback", "")
    if said in Asked.Feedback.values:
        asked.feedback = "" if asked.feedback == said else said
        asked.save(update_fields=["feedback"])
    return render(request, "_fragments/feedback.html", {"asked": asked})


def _draft(request: PersonRequest, key: str) -> Draft | None:
    draft = get_draft_for(request.user, int(key)) if key.isdecimal() else None
    return draft if draft is not None and draft.is_open else None


def _said(answered: Answered) -> list[Said]:
    return [
        Said(one.text, one.language or answered.language, sorted({citation.number for citation in one.citations}))
        for one in answered.sentences
    ]


def _cards(answered: Answered) -> list[Card]:
    """The quoted passages, in the order of their numbers."""
    evidence = {passage.id: passage for passage in answered.evidence}
    cited: dict[int, list[Citation]] = {}
    for sentence in answered.sentences:
        for citation in sentence.citations:
            cited.setdefault(citation.evidence, []).append(citation)
    rows = Passage.objects.select_related("version__article").in_bulk(cited)
    cards = [
        Card(quotes[0].number, rows[pk], _parts(evidence[pk], quotes)) for pk, quotes in cited.items() if pk in rows
    ]
    return sorted(cards, key=lambda card: card.number)


def _parts(passage: Evidence, quotes: list[Citation]) -> list[tuple[str, bool]]:
    spans = [(quote.start, quote.end) for quote in quotes]
    return [
        (passage.text[left:right], any(start <= left and right <= end for start, end in spans))
        for left, right in cut(spans, 0, len(passage.text))
    ]
