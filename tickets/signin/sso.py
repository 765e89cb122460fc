"""Single sign-on with one OpenID Connect provider (django-allauth).

Invariant: an ID token counts only with a signature by the issuer's keys, and the issuer is the one of the settings.
Of what the provider says, its subject is kept, and name and address of a person it makes; tokens and claims are not.
"""

from typing import Any

import httpx
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from copilot import egress
from tickets.audit import record
from tickets.models import User
from tickets.signin import claims as reading
from tickets.signin.claims import Claims
from tickets.signin.guard import VISITOR


def listed() -> egress.Listed:
    """Where the provider may be asked: at its issuer, and at the further places that the settings name."""
    origins = [egress.Origin.of(address) for address in (settings.OIDC_ISSUER, *settings.OIDC_ORIGINS)]
    return egress.Listed("signin", "provider", frozenset(origins))


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Who of those that the provider vouches for may come in, as whom."""

    def get_requests_session(self) -> httpx.Client:
        """A client with our gate in front; of requests' session allauth uses what httpx has too."""
        return egress.client(listed(), timeout=5)

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in, connect with a person of the same address, or refuse by ImmediateHttpResponse."""
        claims = reading.read(sociallogin.account.extra_data)
        sociallogin.account.extra_data = {}
        if claims is None:
            raise refused(request, "token", _("Your provider's answer does not fit together. Try again."))
        if not reading.is_allowed(claims):
            raise refused(request, "domain", _("Addresses of your domain do not sign in here."))
        user = sociallogin.user if sociallogin.is_existing else reading.known(claims)
        if user is None:
            self._new(request, sociallogin, claims)
        elif not user.is_active:
            raise refused(request, "inactive", _("This account is switched off. Ask an administrator."))
        else:
            self._known(request, sociallogin, user, claims)

    def _new(self, request: HttpRequest, sociallogin: SocialLogin, claims: Claims) -> None:
        if not settings.OIDC_NEW_PEOPLE:
            raise refused(request, "unknown", _("Nobody here has your address. Ask an administrator to add you."))
        reading.fill(sociallogin.user, claims)
        sociallogin.email_addresses = []
        sociallogin.claims = claims

    def _known(self, request: HttpRequest, sociallogin: SocialLogin, user: User, claims: Claims) -> None:
        if not sociallogin.is_existing:
            sociallogin.connect(request, user)
            record("person.connected", subject=f"user:{user.pk}", actor=f"user:{user.pk}")
        SocialAccount.objects.filter(pk=sociallogin.account.pk).update(extra_data={})
        reading.follow(user, claims)
        sociallogin.user = User.objects.get(pk=user.pk)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """For whom `pre_social_login` let through."""
        return bool(settings.OIDC_NEW_PEOPLE)

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: object = None) -> User:
        """Make the person, without a password, in the teams that the groups stand for."""
        claims: Claims = sociallogin.claims
        user: User = sociallogin.user
        user.set_unusable_password()
        user.username = reading.free_name(claims.username)
        sociallogin.save(request)
        reading.follow(user, claims)
        record("person.made", subject=f"user:{user.pk}", actor=f"user:{user.pk}", role=str(user.role))
        return user

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the product sends no mail."""


class Provider(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The provider's side, stricter than allauth's own."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the issuer publishes of itself. Raises OAuth2Error when it names another issuer."""
        said: dict[str, Any] = super().openid_config
        if str(said.get("issuer", "")).rstrip("/") != settings.OIDC_ISSUER:
            raise OAuth2Error("the document names another issuer")
        return said

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        """Its claims. Raises OAuth2Error unless one of the issuer's keys signed it."""
        try:
            header = jwtkit.jwt.get_unverified_header(id_token)
        except jwtkit.jwt.PyJWTError as error:
            raise OAuth2Error("the token cannot be read") from error
        if not header.get("kid") or not header.get("alg", "").startswith(("RS", "PS", "ES", "EdDSA")):
            raise OAuth2Error("the token does not say which key of the issuer signed it")
        said: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token, keys_url=self.openid_config["jwks_uri"], issuer=self.openid_config["issuer"],
            audience=app.client_id, lookup_kid=jwtkit.lookup_kid_jwk,
        )  # fmt: skip
        return said


def refused(request: HttpRequest, why: str, said: str) -> ImmediateHttpResponse:
    """What ends a sign-in: a page that says why, and a line in the audit."""
    record("signin.failed", actor=VISITOR, by="sso", why=why)
    get_account_adapter().logout(request)
    page: HttpResponse = render(request, "registration/refused.html", {"said": said}, status=403)
    return ImmediateHttpResponse(page)
