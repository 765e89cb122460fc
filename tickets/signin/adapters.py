"""Where django-allauth asks us: who may sign in, what it may say, how a second factor is kept.

Invariant: every password and every code that is looked at was counted by the guard first.
"""

import time
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal.ratelimit import truncate_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from copilot.sealed import seal, unseal
from tickets.audit import record
from tickets.models import User
from tickets.signin import guard, sessions
from tickets.signin.store import ADDRESS, BROWSER, STARTED


def client_address(request: HttpRequest) -> str:
    """Where a request comes from, as far as our own proxies say; of IPv6 the network, which one visitor has whole."""
    return str(truncate_ip(AccountAdapter().get_client_ip(request)))


def counted(username: str) -> guard.Attempt:
    """Count an attempt of this request. Raises ValidationError while it has to wait."""
    try:
        return guard.attempt(username, client_address(context.request))
    except guard.Locked as locked:
        said = _("Too many attempts failed. Try again in %(minutes)d min, or ask an administrator to unlock you.")
        raise ValidationError(said % {"minutes": locked.minutes}, code="locked") from locked


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Passwords, and the session that follows."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy("This user name and password do not go together."),
        "incorrect_password": gettext_lazy("That is not your password."),
    }

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: `authenticate` counts."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """The person, or None. Raises ValidationError while an account or an address is locked."""
        username = credentials["username"]
        attempt = counted(username)
        user = super().authenticate(request, **credentials)
        if user:
            attempt.succeeded()
        else:
            attempt.failed(User.objects.filter(username=username).first())
        return user

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: administrators and the provider make people."""
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """A new session with its own limits; old ones that have ended are forgotten."""
        super().login(request, user)
        request.session.pop(STARTED, None)
        request.session[ADDRESS] = self.get_client_ip(request)
        request.session[BROWSER] = self.get_http_user_agent(request)
        methods = [str(each["method"]) for each in request.session.get("account_authentication_methods", [])]
        record("signin.done", subject=f"user:{user.pk}", actor=f"user:{user.pk}", by="+".join(methods))
        sessions.sweep()
        guard.sweep()

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not in the first minutes of a session: signing in was enough."""
        began = context.request.session.get(STARTED, 0)
        fresh = time.time() - began < account_settings.REAUTHENTICATION_TIMEOUT
        return not fresh and bool(super().is_reauthentication_required(app=app, **kwargs))

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Back to the door, which says nothing of it."""
        return redirect("login")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: our pages say what happened."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the product sends no mail."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The secrets of second factors, sealed."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("That code is not right. A code works once, and for about a minute."),
    }

    def encrypt(self, text: str) -> str:
        """As everything that is secret here."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """What `encrypt` made."""
        return unseal(encrypted_text)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the product sends no mail."""
