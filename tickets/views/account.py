"""Signing in and out, and what people choose for themselves."""

from django.contrib import messages
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from tickets.access import PersonRequest, role_required
from tickets.forms import PreferencesForm
from tickets.models.people import Role

sign_in = LoginView.as_view(redirect_authenticated_user=True)


@role_required(Role.AGENT)
def sign_out(request: PersonRequest) -> HttpResponse:
    """End the session (by POST only)."""
    return LogoutView.as_view()(request)


@role_required(Role.AGENT)
def preferences(request: PersonRequest) -> HttpResponse:
    """Language and theme; the teams are shown, and changed by an administrator."""
    form = PreferencesForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        with translation.override(user.language):
            messages.success(request, _("Saved."))
        return redirect("preferences")
    return render(request, "preferences.html", {"form": form, "teams": request.user.teams.all()})
