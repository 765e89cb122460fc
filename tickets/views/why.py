"""Why a ticket has its intent, when somebody asks."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tickets.access import PersonRequest, get_ticket_for, role_required
from tickets.models.people import Role
from tickets.reasons import reasons


@role_required(Role.AGENT)
@require_GET
def why(request: PersonRequest, pk: int) -> HttpResponse:
    """The words and the past tickets that led to the intent."""
    ticket = get_ticket_for(request.user, pk)
    return render(request, "_fragments/why.html", {"ticket": ticket, "reasons": reasons(ticket, request.user)})
