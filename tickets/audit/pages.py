"""What people do on pages, recorded where every page asks for permission.

Invariant: whatever a person changes is recorded in the transaction that changes it; whoever sees a ticket's content has
a row that says so, from at most AGAIN before: a page that is asked for every few seconds is one view.
"""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from tickets.audit.calls import gathering
from tickets.audit.recording import acting, actor, code_of, record
from tickets.models import Attachment, AuditEntry, Draft, Message, Move, Reply, Review, User
from tickets.models.people import Role

AGAIN = timedelta(minutes=15)
SAFE = ("GET", "HEAD", "OPTIONS")
# Pages beside the ticket's own (tickets.views.work) that show what customers wrote.
CONTENT = {
    "why": "ticket.view", "details": "ticket.view", "progress": "ticket.view", "gap": "gap.view", "gaps": "gap.view",
    "write_for_gap": "gap.view", "intents": "rows.view", "try_rule": "preview.view",
    "attachment": "attachment.download", "pictures": "ticket.view",
}  # fmt: skip
# Forms that change nothing for others, or whose work is recorded elsewhere; asking a model must hold no transaction.
QUIET = frozenset({"answer", "erasure", "feedback", "preferences", "try_rule"})
KINDS = {"logout": "signin.out", "verify_audit": "audit.verify"}
# Pages that record what they do themselves, in their own words (tickets.signin, tickets.api).
OWN = frozenset({
    "change_password", "end_other_sessions", "new_person", "person", "new_password", "reset_code", "end_sessions",
    "unlock_person", "switch_person", "tokens", "revoke_token", "mfa_activate_totp", "mfa_deactivate_totp",
    "account_reauthenticate", "mfa_reauthenticate", "retention",
})  # fmt: skip
# Whose a row is, by the first part of the address.
OWNERS: Mapping[str, tuple[type[Model], str]] = {
    "drafts": (Draft, "ticket_id"), "reviews": (Review, "draft__ticket_id"), "replies": (Reply, "ticket_id"),
    "attachments": (Attachment, "message__ticket_id"), "messages": (Message, "ticket_id"), "moves": (Move, "ticket_id"),
}  # fmt: skip
# What else rows are called, by the part of the address before their number.
NAMES = {"people": "user", "own": "article", "deliveries": "delivery"}

View = Callable[..., HttpResponseBase]


def recorded(request: HttpRequest, user: User, role: Role, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Answer a request of `user` for a page that asks for `role`, with what it does in the audit."""
    name = request.resolver_match.url_name or "" if request.resolver_match else ""
    changes = request.method not in SAFE and name not in QUIET
    with acting(f"user:{user.pk}"), gathering(view=name), transaction.atomic() if changes else nullcontext():
        response = view()
        if response.status_code < 400 and request.resolver_match:
            keys, route = request.resolver_match.kwargs, request.resolver_match.route
            if name in CONTENT and (request.method in SAFE or name == "try_rule"):
                _content(user, name, route, keys)
            elif changes and name not in OWN:
                _changed(name, role, route, keys)
    return response


def _content(user: User, name: str, route: str, keys: Mapping[str, Any]) -> None:
    kind = CONTENT[name]
    if kind == "attachment.download":
        record(kind, subject=_subject(route, keys), role=str(user.role), attachment=keys["pk"])
    else:
        seen(user, kind, _subject(route, keys))


def seen(user: User, kind: str, subject: str) -> None:
    """`user` sees content; once within AGAIN."""
    who = f"user:{user.pk}"
    lately = AuditEntry.objects.filter(subject=subject, at__gt=timezone.now() - AGAIN, kind=kind, actor=who)
    if not lately.exists():
        record(kind, subject=subject, actor=who, role=str(user.role))


def used(view: str) -> None:
    """A program uses the API; once within AGAIN for each token and view."""
    kind = f"api.{view.removeprefix('api_')}"
    if not AuditEntry.objects.filter(subject="", at__gt=timezone.now() - AGAIN, kind=kind, actor=actor()).exists():
        record(kind)


def _changed(name: str, role: Role, route: str, keys: Mapping[str, Any]) -> None:
    subject = _subject(route, keys)
    facts: dict[str, Any] = {f"of_{word}": code_of(str(value)) for word, value in keys.items() if word != "pk"}
    if name in KINDS:
        record(KINDS[name])
    elif subject.startswith("ticket:"):
        part = route.partition("/")[0]
        own = {} if part == "tickets" else {part.removesuffix("s"): keys["pk"]}
        record(f"ticket.{name}", subject=subject, **own, **facts)
    else:
        record("setting.change" if role != Role.AGENT else f"page.{name}", subject=subject, view=name, **facts)


def _subject(route: str, keys: Mapping[str, Any]) -> str:
    """The ticket that the address is about, else the row that it names, else nothing."""
    if "pk" not in keys:
        return ""
    parts = route.split("/")
    if parts[0] in OWNERS:
        model, owner = OWNERS[parts[0]]
        ticket = model._default_manager.filter(pk=keys["pk"]).values_list(owner, flat=True).first()
        return f"ticket:{ticket}" if ticket else ""
    part = parts[parts.index("<int:pk>") - 1]
    return f"{NAMES.get(part, part.removesuffix('s'))}:{keys['pk']}"
