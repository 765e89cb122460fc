"""The door: sign in by password, code, link or provider. The only pages besides health that need no session."""

import logging
from typing import cast

import httpx
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.account.views import LoginView
from allauth.mfa.base.views import authenticate
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.views import login_cancelled
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from copilot.egress import NotListed
from tickets.audit import record
from tickets.models import User
from tickets.signin.sso import Provider, refused

log = logging.getLogger(__name__)

code = authenticate
cancelled = login_cancelled


class SignIn(LoginView):  # type: ignore[misc]
    """The page, with what there is to sign in with."""

    template_name = "registration/login.html"
    extra_context = {"settings": settings}


sign_in = SignIn.as_view()


def provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """On to the provider."""
    return _with(OAuth2LoginView, request, provider_id)


def provider_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider."""
    return _with(OAuth2CallbackView, request, provider_id)


def _with(view: type, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        answer: HttpResponse = view.adapter_view(Provider(request, provider_id))(request)  # type: ignore[attr-defined]
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except (httpx.HTTPError, OAuth2Error, NotListed, ValueError, KeyError) as error:
        log.warning(
            "the sign-in provider cannot be used: %s", error if isinstance(error, NotListed) else type(error).__name__
        )
        said = _("Your provider cannot be reached just now, or does not answer as it should. Try again in a moment.")
        return cast(HttpResponse, refused(request, "provider", said).response)
    return answer


@never_cache
def by_link(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """`manage.py change_user NAME --sign-in-link`: a button, so that what previews links uses none up."""
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None or not default_token_generator.check_token(user, token):
        return render(request, "registration/link.html", {"person": None}, status=404)
    if request.method != "POST":
        return render(request, "registration/link.html", {"person": user})
    record("signin.link", subject=f"user:{user.pk}", actor=f"user:{user.pk}")
    answer: HttpResponse = perform_login(request, Login(user=user))
    return answer if answer else redirect("desk")
