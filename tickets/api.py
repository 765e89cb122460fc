"""Programs at the door: a bearer token, or the session of somebody who is signed in.

Invariant: every answer is JSON, errors too; a session may change something only with its CSRF token, a token only
what its scopes name, and never more than its person.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from tickets.access import PersonRequest
from tickets.audit import SYSTEM, acting, record
from tickets.audit.calls import gathering
from tickets.audit.pages import used
from tickets.models import ApiToken, User
from tickets.models.people import Role
from tickets.models.token import Scope

Answer = Callable[..., JsonResponse]
PREFIX = "souffleur_"


class Refusal(Exception):
    """What a program did wrong: an HTTP status, and a sentence that says what to do."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def new_token(
    user: User, name: str, scopes: Sequence[str] = tuple(Scope), *, days: int | None = None, actor: str = SYSTEM
) -> str:
    """A token that acts for `user` within `scopes`, for so many days or until it is revoked; it is shown once and
    kept as a hash."""
    token = PREFIX + secrets.token_urlsafe(32)
    ends = timezone.now() + timedelta(days=days) if days else None
    row = ApiToken.objects.create(user=user, name=name, digest=_digest(token), scopes=list(scopes), expires_at=ends)
    record("token.made", subject=f"token:{row.pk}", actor=actor, user=user.pk, scopes="+".join(scopes))
    return token


def revoke(token: ApiToken, actor: str) -> None:
    """Let `token` open nothing any more, from this moment on."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        record("token.revoked", subject=f"token:{token.pk}", actor=actor)


def for_role(role: Role, **methods: Scope) -> Callable[[Answer], Answer]:
    """Let through programs that act for somebody with `role` or one above it, by these methods; a token must have
    the scope that the method names."""

    def decorate(view: Answer) -> Answer:
        @csrf_exempt  # asked for below, of sessions alone
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
            try:
                if request.method not in methods:
                    raise Refusal(405, f"use {' or '.join(methods)}")
                user, who = _user(request, methods[request.method])
                if not user.may(role):
                    raise Refusal(403, f"this needs the role {role.value}")
                request.user = user
                with acting(who), gathering(view=view.__name__):
                    used(view.__name__)
                    answer = view(cast(PersonRequest, request), *args, **kwargs)
            except Refusal as refusal:
                answer = JsonResponse({"error": str(refusal)}, status=refusal.status)
                if refusal.status == 401:
                    answer["WWW-Authenticate"] = "Bearer"
            answer["Cache-Control"] = "no-store"
            return answer

        checked.required_role = role  # type: ignore[attr-defined]
        return checked

    return decorate


def read_json(request: HttpRequest) -> dict[str, Any]:
    """The request's JSON object. Raises Refusal."""
    limit = int(settings.DOCUMENT_MB * 1024 * 1024)
    body = request.read(limit + 1)
    if len(body) > limit:
        raise Refusal(413, f"more than {settings.DOCUMENT_MB:g} MB")
    try:
        said = json.loads(body)
    except ValueError as error:
        raise Refusal(400, f"the body is not JSON: {error}") from error
    if not isinstance(said, dict):
        raise Refusal(400, "the body is not a JSON object")
    return said


def text_of(said: dict[str, Any], name: str, longest: int, *, default: str | None = None) -> str:
    """A text field, without NUL. Raises Refusal when it is missing, no text, or too long."""
    value = said.get(name, default)
    if not isinstance(value, str) or (default is None and not value.strip()):
        raise Refusal(422, f"{name}: a text is needed")
    if len(value) > longest:
        raise Refusal(422, f"{name}: longer than {longest:,} characters")
    return value.replace("\0", "")


def _user(request: HttpRequest, scope: Scope) -> tuple[User, str]:
    """Whom the program acts for, and as whom the audit knows it."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        known = _known(token.strip(), scope)
        return known.user, f"token:{known.pk}"
    if not request.user.is_authenticated:
        raise Refusal(401, "send a token: Authorization: Bearer …")
    if request.method not in ("GET", "HEAD") and _lacks_csrf(request):
        raise Refusal(403, "a session needs its CSRF token")
    return request.user, f"user:{request.user.pk}"


def _known(token: str, scope: Scope) -> ApiToken:
    known = ApiToken.objects.select_related("user").filter(digest=_digest(token)).first()
    if known is None or known.revoked_at or not known.user.is_active:
        raise Refusal(401, "the token is not known")
    if not known.works:
        raise Refusal(401, "the token has expired")
    if scope not in known.scopes:
        raise Refusal(403, f"the token lacks the scope {scope.value}")
    ApiToken.objects.filter(pk=known.pk).update(used_at=timezone.now())
    return known


def _lacks_csrf(request: HttpRequest) -> bool:
    check = CsrfViewMiddleware(lambda _: JsonResponse({}))
    check.process_request(request)
    return check.process_view(request, _asks, (), {}) is not None


def _asks(request: HttpRequest) -> JsonResponse:
    """A view that is not exempt, for the check above."""
    return JsonResponse({})


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
