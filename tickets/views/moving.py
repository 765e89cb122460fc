"""An agent puts a ticket into another team."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tickets import moving, queues
from tickets.access import PersonRequest, get_ticket_for, role_required, visible_tickets
from tickets.forms import MoveForm
from tickets.models.people import Role
from tickets.views import work


@role_required(Role.AGENT)
@require_POST
def move(request: PersonRequest, pk: int) -> HttpResponse:
    """Move it; when it leaves this agent's sight, the next ticket follows. A toast offers to take it back."""
    ticket, form = get_ticket_for(request.user, pk), MoveForm(request.POST)
    if not form.is_valid():
        return work.show(request, ticket, status=422, move_form=form)
    wanted = queues.read(request.GET, request.user)
    following = queues.after(request.user, wanted, pk)
    moved = moving.move(ticket, request.user, form.cleaned_data["team"])
    stays = visible_tickets(request.user).filter(pk=pk).exists()
    return work.go(wanted, pk if stays else following, moved=moved)


@role_required(Role.AGENT)
@require_POST
def undo(request: PersonRequest, pk: int) -> HttpResponse:
    """Take one's own move back."""
    done = moving.undoable(request.user, pk)
    if done is None:
        raise Http404
    try:
        moving.undo(done)
        messages.success(request, _("Taken back: the ticket is where it was."))
    except moving.TooLate:
        messages.error(request, _("Too late to take back: the ticket has been moved since."))
    pk = done.ticket_id
    wanted = queues.read(request.GET, request.user)
    return work.go(wanted, pk if visible_tickets(request.user).filter(pk=pk).exists() else None)
