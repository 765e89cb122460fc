"""Who signs in, for administrators: roles, teams, second factors, sessions, locks."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Now
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tickets.access import PersonRequest, get_person_for, role_required
from tickets.audit import record
from tickets.models import Session, Team, User
from tickets.models.people import Role
from tickets.people_forms import PersonForm
from tickets.signin import factors, guard, people, sessions


@role_required(Role.ADMINISTRATOR)
@require_safe
def everybody(request: PersonRequest) -> HttpResponse:
    """Every person; those who may not sign in stand last."""
    last = Session.objects.filter(user=OuterRef("pk")).order_by("-seen_at").values("seen_at")[:1]
    rows = User.objects.annotate(
        sessions_now=Count("sessions", filter=Q(sessions__expire_date__gt=Now()), distinct=True),
        has_code=Count("authenticator", filter=Q(authenticator__type="totp"), distinct=True),
        last_seen=Subquery(last),
    )
    rows = rows.prefetch_related(Prefetch("teams", Team.objects.only("name")))
    return render(request, "admin/people.html", {"people": rows.order_by("-is_active", "first_name", "username")})


@role_required(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """Make a person; their first password is shown once."""
    form = PersonForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "admin/person.html", {"form": form}, status=422 if form.errors else 200)
    with transaction.atomic():
        person = form.save()
        record("person.made", subject=f"user:{person.pk}", actor=_actor(request), role=str(person.role))
        password = people.initial_password(person, _actor(request))
    return render(request, "admin/password.html", {"person": person, "password": password})


@role_required(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def person(request: PersonRequest, pk: int) -> HttpResponse:
    """Change a person."""
    somebody = get_person_for(request.user, pk)
    with transaction.atomic():
        form = PersonForm(request.POST or None, instance=somebody)
        if request.method == "POST" and form.is_valid():
            form.save()
            record(
                "person.changed", subject=f"user:{pk}", actor=_actor(request), role=str(somebody.role),
                sees_content=somebody.sees_content, teams=somebody.teams.count(),
            )  # fmt: skip
            messages.success(request, _("%(person)s: saved.") % {"person": somebody.display_name})
            return redirect("people")
    values = {
        "form": form, "person": User.objects.get(pk=pk), "has_code": factors.has_second(somebody),
        "locked_until": guard.locked_until(somebody), "sessions": sessions.of(somebody),
    }  # fmt: skip
    return render(request, "admin/person.html", values, status=422 if form.errors else 200)


@role_required(Role.ADMINISTRATOR)
@require_POST
def new_password(request: PersonRequest, pk: int) -> HttpResponse:
    """For who forgot theirs: one that is shown once."""
    somebody = get_person_for(request.user, pk)
    values = {"person": somebody, "password": people.initial_password(somebody, _actor(request))}
    return render(request, "admin/password.html", values)


@role_required(Role.ADMINISTRATOR)
@require_POST
def reset_code(request: PersonRequest, pk: int) -> HttpResponse:
    """Take away the second factor of somebody who lost it."""
    if people.reset_second_factor(get_person_for(request.user, pk), _actor(request)):
        messages.success(request, _("The second factor is gone. Signing in asks for the password alone."))
    return redirect("person", pk)


@role_required(Role.ADMINISTRATOR)
@require_POST
def end_sessions(request: PersonRequest, pk: int) -> HttpResponse:
    """Sign somebody out everywhere."""
    ended = people.end_sessions(get_person_for(request.user, pk), _actor(request))
    said = ngettext("%(n)d session has ended.", "%(n)d sessions have ended.", ended)
    messages.success(request, said % {"n": ended})
    return redirect("person", pk)


@role_required(Role.ADMINISTRATOR)
@require_POST
def unlock(request: PersonRequest, pk: int) -> HttpResponse:
    """Let somebody try again at once."""
    people.unlock(get_person_for(request.user, pk), _actor(request))
    messages.success(request, _("They can try again now."))
    return redirect("person", pk)


@role_required(Role.ADMINISTRATOR)
@require_POST
def switch(request: PersonRequest, pk: int) -> HttpResponse:
    """Let somebody in, or no longer."""
    somebody = get_person_for(request.user, pk)
    try:
        people.switch(somebody, _actor(request), on=not somebody.is_active)
    except people.LastAdministrator:
        messages.error(request, _("The only administrator stays: nobody else could let people in."))
        return redirect("person", pk)
    said = _("%(person)s may no longer sign in.") if somebody.is_active else _("%(person)s may sign in again.")
    messages.success(request, said % {"person": somebody.display_name})
    return redirect("people")


def _actor(request: PersonRequest) -> str:
    return f"user:{request.user.pk}"
