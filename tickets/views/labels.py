"""What the labels that triage learns from are like."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tickets.access import PersonRequest, role_required
from tickets.models.people import Role


@role_required(Role.MANAGER)
@require_safe
def intents(request: PersonRequest) -> HttpResponse:
    """Each intent and its health."""
    return render(request, "triage/intents.html", {})
