"""The desk: the queue, and the ticket that is being worked on."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tickets import queues
from tickets.access import PersonRequest, get_ticket_for, role_required
from tickets.models.people import Role
from tickets.views import work


@role_required(Role.AGENT)
@require_safe
def desk(request: PersonRequest) -> HttpResponse:
    """The queue with its first ticket; on a telephone, the queue alone."""
    queue = queues.load(request.user, queues.read(request.GET, request.user))
    first = get_ticket_for(request.user, queue.first) if queue.first else None
    return work.show(request, first, queue=queue, at="queue")


@role_required(Role.AGENT)
@require_safe
def ticket(request: PersonRequest, pk: int) -> HttpResponse:
    """The desk with this ticket on it."""
    return work.show(request, get_ticket_for(request.user, pk))


@role_required(Role.AGENT)
@require_safe
def queue(request: PersonRequest) -> HttpResponse:
    """The left column alone, asked for every few seconds; `ticket` and `draft` are what its reader sees."""
    shown, draft = request.GET.get("ticket", ""), request.GET.get("draft", "")
    values = {
        "queue": queues.load(request.user, queues.read(request.GET, request.user)),
        "current": int(shown) if shown.isdecimal() else None,
        "news": queues.has_news(request.user, shown, draft),
    }
    return render(request, "_fragments/queue.html", values)
