"""Passages that an agent may have a draft made from, found by words: no model is asked, so no page waits for one."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from knowledge.lookup import by_words
from tickets import queues
from tickets.access import PersonRequest, get_draft_for, role_required
from tickets.models.people import Role


@role_required(Role.AGENT)
@require_safe
def passages(request: PersonRequest, pk: int) -> HttpResponse:
    """Public passages for the words `q`, those in the reply's language first."""
    draft = get_draft_for(request.user, pk)
    words = request.GET.get("q", "").replace("\0", "")[:200]
    values = {
        "draft": draft, "wanted": queues.read(request.GET, request.user), "words": words.strip(),
        "found": by_words(words, draft.spoken),
    }  # fmt: skip
    return render(request, "_fragments/passages.html", values)
