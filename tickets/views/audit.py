"""The audit, for administrators: searched, proved, taken out.

Invariant: pages are found by position, never by counting, so the millionth row is as quick as the first.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tickets.access import PersonRequest, role_required
from tickets.audit import anchoring, checks, exporting
from tickets.audit.exporting import Search
from tickets.audit.naming import names_of
from tickets.models import AuditEntry, AuditHead, Ticket, User
from tickets.models.people import Role

SHOWN = 50
GROUPS = ("ticket.", "model.", "setting.", "signin.", "api.", "erasure.", "audit.")
# No ticket has this number: nothing is found, and nothing else than asked for is shown.
NOBODY = ("ticket:0",)


@role_required(Role.ADMINISTRATOR)
@require_safe
def audit(request: PersonRequest) -> HttpResponse:
    """The newest rows first, those that are asked for."""
    search = _search(request)
    before = request.GET.get("before", "")
    found = AuditEntry.objects.filter(search.where).order_by("-position")
    if before.isdecimal() and len(before) < 18:
        found = found.filter(position__lt=int(before))
    rows = list(found[: SHOWN + 1])
    asked = request.GET.copy()
    asked.pop("before", None)
    values = {
        "rows": rows[:SHOWN], "names": names_of(rows), "older": rows[SHOWN - 1].position if len(rows) > SHOWN else None,
        "is_newest": not before, "asked": asked, "query": asked.urlencode(), "search": search, "groups": GROUPS,
        "people": _people(), **_state(),
    }  # fmt: skip
    return render(request, "admin/audit.html", values)


@role_required(Role.ADMINISTRATOR)
@require_safe
def progress(request: PersonRequest) -> HttpResponse:
    """How far the walk along the chain is; then what it found."""
    return render(request, "_fragments/audit_state.html", _state())


@role_required(Role.ADMINISTRATOR)
@require_POST
def verify(request: PersonRequest) -> HttpResponse:
    """Have the chain walked by a worker."""
    checks.ask()
    messages.success(request, _("The chain is being verified."))
    return redirect("audit")


@role_required(Role.ADMINISTRATOR)
@require_safe
def export(request: PersonRequest) -> StreamingHttpResponse:
    """What is asked for, as JSON Lines, while it is read."""
    response = StreamingHttpResponse(exporting.export(_search(request)), content_type="application/jsonl")
    response.headers["Content-Disposition"] = f'attachment; filename="audit-{timezone.now():%Y-%m-%d}.jsonl"'
    return response


def _people() -> list[tuple[str, str]]:
    return [(f"user:{user.pk}", user.display_name) for user in User.objects.order_by("first_name", "username")]


def _state() -> dict[str, Any]:
    return {
        "head": AuditHead.objects.first(), "check": checks.last(), "waiting": checks.waiting(),
        "anchored": anchoring.newest(), "folder": settings.AUDIT_ANCHORS, "public_key": settings.AUDIT_PUBLIC_KEY,
    }  # fmt: skip


def _search(request: PersonRequest) -> Search:
    asked = request.GET
    until = _day(asked.get("until", ""))
    return Search(
        actor=asked.get("person", "")[:40],
        kind=asked.get("kind", "")[:40],
        subjects=_subjects(asked.get("about", "").strip()[:60]),
        since=_day(asked.get("since", "")),
        until=until + timedelta(days=1) if until else None,
        seen_by_administrators="seen" in asked,
    )


def _day(text: str) -> datetime | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return timezone.make_aware(datetime(day.year, day.month, day.day)) if day else None


def _subjects(about: str) -> Sequence[str]:
    """The name of a row ("ticket:12"), or the tickets of a number as the helpdesk gave it."""
    if not about or ":" in about:
        return (about,) if about else ()
    found = Ticket.objects.filter(number=about.removeprefix("#")).values_list("pk", flat=True)[:20]
    return tuple(f"ticket:{pk}" for pk in found) or NOBODY
