"""What people look after themselves: language and theme, password, second factor, sessions."""

from collections.abc import Callable
from typing import cast

from allauth.account.views import reauthenticate as again_by_password
from allauth.mfa.base.views import reauthenticate as again_by_code
from allauth.mfa.recovery_codes.views import generate_recovery_codes, view_recovery_codes
from allauth.mfa.totp.views import activate_totp, deactivate_totp
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import LogoutView
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tickets.access import PersonRequest, role_required
from tickets.audit import record
from tickets.forms import PreferencesForm
from tickets.models.people import Role
from tickets.signin import factors, sessions
from tickets.signin.adapters import counted
from tickets.signin.guard import Attempt


@role_required(Role.AGENT)
def sign_out(request: PersonRequest) -> HttpResponse:
    """End the session (by POST only)."""
    return LogoutView.as_view()(request)


@role_required(Role.AGENT)
def preferences(request: PersonRequest) -> HttpResponse:
    """Language and theme, how one signs in and where one is signed in; an administrator changes the teams."""
    form = PreferencesForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        with translation.override(user.language):
            messages.success(request, _("Saved."))
        return redirect("preferences")
    values = {
        "form": form, "teams": request.user.teams.all(), "sessions": sessions.of(request.user),
        "this": request.session.session_key, "has_code": factors.has_second(request.user),
        "codes_left": factors.codes_left(request.user), "has_password": request.user.has_usable_password(),
    }  # fmt: skip
    return render(request, "preferences.html", values)


@role_required(Role.AGENT)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
def change_password(request: PersonRequest) -> HttpResponse:
    """A new password of one's own; every other session ends."""
    if not request.user.has_usable_password():
        raise PermissionDenied
    form = PasswordChangeForm(request.user, request.POST or None)
    if request.method == "POST" and _is_right(request, form):
        user = form.save()
        user.must_change_password = False
        user.save(update_fields=["must_change_password"])
        update_session_auth_hash(request, user)
        request.session.save()
        ended = sessions.end(request.user, but=request.session.session_key)
        record("password.changed", subject=f"user:{user.pk}", actor=f"user:{user.pk}", sessions=ended)
        messages.success(request, _("Your password is changed. Wherever else you were signed in, you no longer are."))
        return redirect("preferences")
    return render(request, "account/password.html", {"form": form}, status=422 if form.errors else 200)


def _is_right(request: PersonRequest, form: PasswordChangeForm) -> bool:
    """Whether the form is, an old password that is wrong counted as an attempt to sign in."""
    try:
        attempt: Attempt = counted(request.user.username)
    except ValidationError as error:
        form.full_clean()
        form.errors.clear()
        form.add_error("old_password", error)
        return False
    right = form.is_valid()
    if "old_password" in form.errors:
        attempt.failed(request.user)
    else:
        attempt.succeeded()
    return right


@role_required(Role.AGENT)
@require_POST
def end_others(request: PersonRequest) -> HttpResponse:
    """Sign out wherever else one is signed in."""
    ended = sessions.end(request.user, but=request.session.session_key)
    record("session.ended", subject=f"user:{request.user.pk}", actor=f"user:{request.user.pk}", sessions=ended)
    said = ngettext("%(n)d other session has ended.", "%(n)d other sessions have ended.", ended)
    messages.success(request, said % {"n": ended})
    return redirect("preferences")


@role_required(Role.AGENT)
def set_up_code(request: PersonRequest) -> HttpResponse:
    """Set up a second factor."""
    return _noted(request, activate_totp)


@role_required(Role.AGENT)
def remove_code(request: PersonRequest) -> HttpResponse:
    """Remove it."""
    return _noted(request, deactivate_totp)


def _noted(request: PersonRequest, view: Callable[[PersonRequest], object]) -> HttpResponse:
    """What allauth's view answers; the audit says when a second factor came or went."""
    had = factors.has_second(request.user)
    answer = cast(HttpResponse, view(request))
    has = factors.has_second(request.user)
    if had != has:
        record("totp.on" if has else "totp.off", subject=f"user:{request.user.pk}", actor=f"user:{request.user.pk}")
    return answer


@role_required(Role.AGENT)
def recovery_codes(request: PersonRequest) -> HttpResponse:
    """The recovery codes: shown once."""
    return cast(HttpResponse, view_recovery_codes(request))


@role_required(Role.AGENT)
def new_recovery_codes(request: PersonRequest) -> HttpResponse:
    """Others in their place."""
    return cast(HttpResponse, generate_recovery_codes(request))


@role_required(Role.AGENT)
def password_again(request: PersonRequest) -> HttpResponse:
    """The password once more, before something that matters."""
    return cast(HttpResponse, again_by_password(request))


@role_required(Role.AGENT)
def code_again(request: PersonRequest) -> HttpResponse:
    """The code once more, before something that matters."""
    return cast(HttpResponse, again_by_code(request))
