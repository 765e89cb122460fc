"""Where requests of this machine may go, what is sent there, and when last."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tickets import destinations as places
from tickets.access import PersonRequest, role_required
from tickets.models.people import Role


@role_required(Role.ADMINISTRATOR)
@require_safe
def destinations(request: PersonRequest) -> HttpResponse:
    """Every destination, also one that is no longer named or was refused."""
    rows = places.rows()
    values = {
        "listed": [row for row in rows if row.is_listed],
        "former": [row for row in rows if not row.is_listed],
        "permitted": places.permitted(),
    }
    return render(request, "admin/destinations.html", values)
