"""Around every page: a session in use goes on, and debts come first."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from tickets.signin import sessions
from tickets.signin.owed import FREE, owed

# Pages ask for these by themselves: nobody has to be there.
POLLED = frozenset({"queue", "progress", "summary", "details", "embedder", "training", "reporting"})


class SessionInUse:
    """What a person asks for keeps their session; what a page asks for by itself does not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then write down that the session was used."""
        response = self.get_response(request)
        match = request.resolver_match
        by_itself = match and match.url_name in POLLED and request.method == "GET"
        row = getattr(request.session, "row", None)  # none was read where nobody asked who it is
        if row and row.user_id and not by_itself:
            sessions.seen(row)
        return response


class OwedFirst:
    """Nothing else opens before somebody has chosen their own password and set up what the house asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as usual; `process_view` steps in."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: Any, kwargs: Any) -> HttpResponse | None:
        """The page that comes first, if there is one."""
        match = request.resolver_match
        if match is None or match.url_name in FREE:
            return None
        first = owed(request)
        if first is None:
            return None
        if request.path.startswith("/api/"):
            return JsonResponse({"error": "finish signing in in the browser first"}, status=403)
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(reverse(first))
        return redirect(first)
