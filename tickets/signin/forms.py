"""What people type to be let in.

Invariant: a refused sign-in says the same whether the account exists, is switched off, or the password is wrong.
"""

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tickets.models import User
from tickets.signin.adapters import counted

if TYPE_CHECKING:
    from django.forms import Form as CodeBase
else:
    CodeBase = object


class SignInForm(forms.Form):
    """User name and password; allauth's view makes it and calls `login`."""

    username = forms.CharField(max_length=150)
    password = forms.CharField(max_length=1000, strip=False)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        """Who it is. Raises ValidationError."""
        said = super().clean() or self.cleaned_data
        if not settings.LOCAL_SIGN_IN:
            raise ValidationError(_("Passwords are switched off here."))
        if "username" in said and "password" in said:
            adapter = get_adapter()
            self.user = adapter.authenticate(self.request, username=said["username"], password=said["password"])
            if self.user is None:
                raise adapter.validation_error("username_password_mismatch")
        return said

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Sign in, or ask for the second factor."""
        login = Login(user=self.user, redirect_url=redirect_url)
        answer: HttpResponse = perform_password_login(request, {"username": self.cleaned_data["username"]}, login)
        return answer


class _Counted(CodeBase):
    """A code that is counted as an attempt to sign in."""

    user: User

    def clean_code(self) -> str:
        """Whether it is right. Raises ValidationError."""
        attempt = counted(self.user.username)
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError:
            attempt.failed(self.user)
            raise
        attempt.succeeded()
        return code


class CodeForm(_Counted, AuthenticateForm):  # type: ignore[misc]
    """The second factor while signing in."""


class CodeAgainForm(_Counted, ReauthenticateForm):  # type: ignore[misc]
    """The second factor once more, before something that matters."""


class SetUpForm(_Counted, ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a telephone that was just set up."""
