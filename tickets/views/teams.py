"""Teams and business hours, for administrators."""

from django.contrib import messages
from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tickets.access import PersonRequest, get_person_for, get_team_for, role_required
from tickets.models import BusinessHours, Team, Ticket, User
from tickets.models.people import Role
from tickets.team_forms import HoursForm, TeamForm, zones


@role_required(Role.ADMINISTRATOR)
@require_safe
def teams(request: PersonRequest) -> HttpResponse:
    """Every team with its settings and people, and when the desk is open."""
    return _show(request, HoursForm(instance=BusinessHours.current()))


@role_required(Role.ADMINISTRATOR)
@require_POST
def team(request: PersonRequest, pk: int) -> HttpResponse:
    """Change a team; drafts that are written stay as they are, and so do tickets that are assigned."""
    form = TeamForm(request.POST, instance=get_team_for(request.user, pk), auto_id=f"team-{pk}-%s")
    if not form.is_valid():
        return _show(request, HoursForm(instance=BusinessHours.current()), form)
    form.save()
    messages.success(request, _("%(team)s: saved. The next tickets and drafts go by it.") % {"team": form.instance})
    return redirect("teams")


@role_required(Role.ADMINISTRATOR)
@require_POST
def hours(request: PersonRequest) -> HttpResponse:
    """When the desk is open."""
    form = HoursForm(request.POST, instance=BusinessHours.current())
    if not form.is_valid():
        return _show(request, form)
    form.save()
    messages.success(request, _("The business hours are saved."))
    return redirect("teams")


@role_required(Role.ADMINISTRATOR)
@require_POST
def away(request: PersonRequest, pk: int) -> HttpResponse:
    """A member is away, or back."""
    person = get_person_for(request.user, pk)
    User.objects.filter(pk=pk, is_away=person.is_away).update(is_away=not person.is_away)
    return redirect("teams")


def _show(request: PersonRequest, hours: HoursForm, changed: TeamForm | None = None) -> HttpResponse:
    load = Count("tickets", filter=Q(tickets__state=Ticket.State.OPEN))
    people = User.objects.filter(is_active=True).annotate(load=load).order_by("first_name", "username")
    rows = []
    for each in Team.objects.prefetch_related(Prefetch("members", queryset=people, to_attr="people")):
        is_changed = changed is not None and changed.instance.pk == each.pk
        rows.append((each, changed if is_changed else TeamForm(instance=each, auto_id=f"team-{each.pk}-%s")))
    values = {"teams": rows, "hours": hours, "zones": zones()}
    wrong = hours.errors or (changed and changed.errors)
    return render(request, "admin/teams.html", values, status=422 if wrong else 200)
