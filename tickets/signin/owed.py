"""What somebody has to do before anything else: choose a password of their own, set up a second factor."""

from django.conf import settings
from django.http import HttpRequest

from tickets.models import User
from tickets.models.people import Role
from tickets.signin.factors import has_second

# Pages on which a debt is paid, and the way out.
FREE = frozenset({
    "change_password", "mfa_activate_totp", "mfa_view_recovery_codes", "account_reauthenticate", "mfa_reauthenticate",
    "login", "account_login", "logout", "set_language", "healthz", "webhook",
})  # fmt: skip


def owed(request: HttpRequest) -> str | None:
    """The name of the page that `request` has to go to first."""
    user = request.user
    if not user.is_authenticated:
        return None
    if user.must_change_password and user.has_usable_password():
        return "change_password"
    if must_have_second(user) and not _by_provider(request) and not has_second(user):
        return "mfa_activate_totp"
    return None


def must_have_second(user: User) -> bool:
    """Whether the house asks `user` for a second factor."""
    if settings.REQUIRE_TOTP == "everybody":
        return True
    return settings.REQUIRE_TOTP == "administrators" and user.role == Role.ADMINISTRATOR


def _by_provider(request: HttpRequest) -> bool:
    """Who came through single sign-on: the provider asks for factors, in its own way."""
    methods = request.session.get("account_authentication_methods", [])
    return any(each.get("method") == "socialaccount" for each in methods)
