"""Connections, for administrators."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tickets import deliveries as calls
from tickets import write_back
from tickets.access import PersonRequest, get_delivery_for, get_helpdesk_for, role_required
from tickets.models import Delivery, Helpdesk
from tickets.models.people import Role


@role_required(Role.ADMINISTRATOR)
@require_safe
def helpdesks(request: PersonRequest) -> HttpResponse:
    """Where tickets come from, and where replies go."""
    rows = Helpdesk.objects.annotate(
        last_delivery=Max("deliveries__received_at"),
        failed=Count("deliveries", filter=Q(deliveries__state=Delivery.State.FAILED)),
    )
    site = request.build_absolute_uri("/").rstrip("/")
    return render(request, "admin/helpdesks.html", {"helpdesks": rows, "site": site})


@role_required(Role.ADMINISTRATOR)
@require_safe
def deliveries(request: PersonRequest) -> HttpResponse:
    """Every webhook call, the newest first; bodies are not shown."""
    state = request.GET.get("state", "")
    rows = Delivery.objects.select_related("helpdesk", "ticket").defer("body")
    if state in Delivery.State.values:
        rows = rows.filter(state=state)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    values = {"page": page, "state": state, "states": Delivery.State.choices}
    return render(request, "admin/deliveries.html", values)


@role_required(Role.ADMINISTRATOR)
@require_POST
def replay(request: PersonRequest, pk: int) -> HttpResponse:
    """Work through a failed delivery again."""
    calls.replay(get_delivery_for(request.user, pk))
    messages.success(request, _("The delivery is being processed again."))
    return redirect("deliveries")


@role_required(Role.ADMINISTRATOR)
@require_POST
def switch_write_back(request: PersonRequest, pk: int) -> HttpResponse:
    """Tell a helpdesk where its tickets are placed, or no longer."""
    helpdesk = get_helpdesk_for(request.user, pk)
    if not helpdesk.writes_back and not helpdesk.api_url:
        messages.error(request, _("This helpdesk has no address to write to."))
        return redirect("helpdesks")
    write_back.switch(helpdesk, on=not helpdesk.writes_back)
    said = (
        _("Nothing is written back any more.")
        if helpdesk.writes_back
        else _("From now on placements are written back.")
    )
    messages.success(request, said)
    return redirect("helpdesks")
