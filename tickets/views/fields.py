"""What agents do with the fields and files of a ticket: correct, take back, download, try again.

Invariant: a file is handed out only to whoever may see its ticket, and never to be shown by the browser: it is what a
stranger sent.
"""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from copilot.sealed import CannotDecrypt
from tickets import attachments, correcting, naming, queues
from tickets.access import PersonRequest, get_attachment_for, get_ticket_for, role_required, visible_tickets
from tickets.models import AttachmentContent, FieldDefinition, FieldValue, Ticket
from tickets.models.people import Role
from tickets.views import details as shown
from tickets.views import work


@role_required(Role.AGENT)
@require_safe
def details(request: PersonRequest, pk: int) -> HttpResponse:
    """Fields and files, asked for again while a file is being read; then the conversation, which asks no more."""
    ticket = get_ticket_for(request.user, pk)
    found = shown.build(ticket, list(ticket.messages.all()))
    if not found.is_waiting:
        return reswap(retarget(_talk(request, ticket), "#main"), "outerHTML")
    values = {"details": found, "ticket": ticket, "wanted": queues.read(request.GET, request.user)}
    return render(request, "_fragments/details.html", values)


@role_required(Role.AGENT)
@require_POST
def correct(request: PersonRequest, pk: int, name: str) -> HttpResponse:
    """Say what a field is; `none` says that the ticket does not hold it."""
    ticket = _with_field(request, pk, name)
    value = "" if "none" in request.POST else " ".join(request.POST.get("value", "").replace("\0", "").split())
    if len(value) > correcting.LONGEST or not (value or "none" in request.POST):
        error = _("Type a value of at most 500 characters, or choose “Not in this ticket”.")
        return _talk(request, ticket, 422, field_error=error, field_name=name)
    correcting.correct(ticket, request.user, name, value)
    return _answer(request, pk, _("%(field)s corrected.") % {"field": naming.label(name)})


@role_required(Role.AGENT)
@require_POST
def take_back(request: PersonRequest, pk: int, name: str) -> HttpResponse:
    """Undo the correction."""
    ticket = _with_field(request, pk, name)
    correcting.take_back(ticket, name)
    return _answer(request, pk, _("Correction taken back."))


@role_required(Role.AGENT)
@require_safe
def attachment(request: PersonRequest, pk: int) -> HttpResponse:
    """The file as it came, to be saved."""
    file = get_attachment_for(request.user, pk)
    try:
        data = get_object_or_404(AttachmentContent, attachment=file).data
    except CannotDecrypt:
        raise Http404 from None
    response = HttpResponse(bytes(data), content_type="application/octet-stream")
    name = "".join(letter for letter in file.name if letter.isprintable() and letter not in '/\\"') or "attachment"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@role_required(Role.AGENT)
@require_POST
def try_again(request: PersonRequest, pk: int) -> HttpResponse:
    """Fetch or read a file once more."""
    file = get_attachment_for(request.user, pk)
    attachments.again(file)
    return _answer(request, file.message.ticket_id, "")


def _with_field(request: PersonRequest, pk: int, name: str) -> Ticket:
    """The ticket, if such a field is looked for or has been found in it, or 404."""
    ticket = get_ticket_for(request.user, pk)
    is_known = FieldDefinition.objects.filter(name=name, deleted_at=None).exists()
    if not is_known and not FieldValue.objects.filter(ticket=ticket, name=name).exists():
        raise Http404
    return ticket


def _answer(request: PersonRequest, pk: int, said: str) -> HttpResponse:
    """The conversation as it is now, for htmx; else the page. The ticket may have gone to another team by this."""
    wanted = queues.read(request.GET, request.user)
    if not visible_tickets(request.user).filter(pk=pk).exists():
        address = work.address(wanted, None)
        return HttpResponseClientRedirect(address) if request.htmx else work.go(wanted, None)
    if request.htmx and request.htmx.target == "main":
        return _talk(request, get_ticket_for(request.user, pk), said=said)
    return work.go(wanted, pk)


def _talk(request: PersonRequest, ticket: Ticket, status: int = 200, **extra: Any) -> HttpResponse:
    wanted = queues.read(request.GET, request.user)
    if request.htmx:
        return render(request, "_fragments/talk.html", work.context(request, wanted, ticket, extra), status=status)
    return work.show(request, ticket, status=status, **extra)
