"""An agent compares a translated sentence with the passage, and says so.

Invariant: only a sentence that is a translation can be confirmed, by whoever may see its ticket, as long as the
draft is open.
"""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tickets import queues, translations
from tickets.access import PersonRequest, get_draft_for, get_ticket_for, role_required
from tickets.models import Draft
from tickets.models.people import Role
from tickets.views import work
from tickets.views.drafts import who_was_quicker


@role_required(Role.AGENT)
@require_POST
def confirm(request: PersonRequest, pk: int, sentence: int) -> HttpResponse:
    """The sentence says what its passage says."""
    draft = _translated(request, pk, sentence)
    done = translations.confirm(draft, [sentence], request.user)
    return _answer(request, draft, done, _("Translation confirmed."))


@role_required(Role.AGENT)
@require_POST
def take_back(request: PersonRequest, pk: int, sentence: int) -> HttpResponse:
    """The sentence is to be compared again."""
    draft = _translated(request, pk, sentence)
    return _answer(request, draft, translations.take_back(draft, sentence), _("No longer confirmed."))


def _translated(request: PersonRequest, pk: int, sentence: int) -> Draft:
    """The draft, if that sentence of it is a translation, or 404."""
    draft = get_draft_for(request.user, pk)
    if not any(n == sentence and s.get("translated") for n, s in enumerate(draft.sentences)):
        raise Http404
    return draft


def _answer(request: PersonRequest, draft: Draft, done: bool, said: str) -> HttpResponse:
    """The draft column as it is now, for htmx; else the ticket's page."""
    ticket, wanted = get_ticket_for(request.user, draft.ticket_id), queues.read(request.GET, request.user)
    told: dict[str, Any] = {"said": said} if done else {"alert": who_was_quicker(draft)}
    if request.htmx and request.htmx.target == "draft":
        values = work.context(request, wanted, ticket, told)
        return render(request, "_fragments/draft.html", values, status=200 if done else 409)
    return work.go(wanted, ticket.pk) if done else work.show(request, ticket, status=409, **told)
