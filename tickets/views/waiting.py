"""The draft column while a draft is being written, and when it is there; the same for a summary.

Invariant: what is shown before a draft is saved is said to be unfinished and can be neither sent nor edited.
"""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseStopPolling, reswap, retarget

from tickets import board, queues
from tickets.access import PersonRequest, get_draft_for, get_ticket_for, role_required
from tickets.models import Draft
from tickets.models.people import Role
from tickets.views import work


@role_required(Role.AGENT)
@require_safe
def panel(request: PersonRequest, pk: int) -> HttpResponse:
    """The whole draft column."""
    return _column(request, get_draft_for(request.user, pk))


@role_required(Role.AGENT)
@require_safe
def progress(request: PersonRequest, pk: int) -> HttpResponse:
    """How far the draft is, asked for again while it is written; then the whole column, which asks no more."""
    try:
        draft = get_draft_for(request.user, pk)
    except Http404:  # a colleague has taken the redraft back; this page need not ask again
        return HttpResponseStopPolling()
    if not draft.is_waiting:
        return reswap(retarget(_column(request, draft), "#draft"), "outerHTML")
    values = {
        "draft": draft, "ticket": draft.ticket, "originals": draft.ticket.originals, "seen": board.read(draft),
        "wanted": queues.read(request.GET, request.user), "polled": True,
    }  # fmt: skip
    return render(request, "_fragments/progress.html", values)


@role_required(Role.AGENT)
@require_safe
def summary(request: PersonRequest, pk: int) -> HttpResponse:
    """Nothing while the ticket's summary is being made; then the conversation with it, which asks no more."""
    ticket = get_ticket_for(request.user, pk)
    values = work.context(request, queues.read(request.GET, request.user), ticket, {})
    if values["summary"] and values["summary"].is_awaited:
        return HttpResponse(status=204)
    return reswap(retarget(render(request, "_fragments/talk.html", values), "#main"), "outerHTML")


def _column(request: PersonRequest, draft: Draft) -> HttpResponse:
    """The column of the ticket's newest draft, which may be another one by now."""
    ticket = get_ticket_for(request.user, draft.ticket_id)
    wanted = queues.read(request.GET, request.user)
    return render(request, "_fragments/draft.html", {**work.context(request, wanted, ticket, {}), "arrived": True})
