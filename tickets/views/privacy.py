"""Privacy at a glance, for whoever has to answer for it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tickets.access import PersonRequest, role_required
from tickets.models.people import Role
from tickets.overview import overview


@role_required(Role.ADMINISTRATOR)
@require_safe
def privacy(request: PersonRequest) -> HttpResponse:
    """What is done with personal data, and where each statement can be checked."""
    return render(request, "admin/privacy_overview.html", {"now": overview()})
