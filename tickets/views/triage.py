"""What an agent says about a ticket: its intent, and who takes it."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tickets import labelling, queues
from tickets.access import PersonRequest, get_ticket_for, role_required, visible_tickets
from tickets.forms import IntentForm
from tickets.models import Ticket
from tickets.models.people import Role
from tickets.views import work


@role_required(Role.AGENT)
@require_POST
def set_intent(request: PersonRequest, pk: int) -> HttpResponse:
    """Correct the intent. That may route the ticket to a team whose tickets this agent does not see."""
    ticket, form = get_ticket_for(request.user, pk), IntentForm(request.POST)
    if not form.is_valid():
        return work.show(request, ticket, status=422, intent_form=form)
    wanted = queues.read(request.GET, request.user)
    following = queues.after(request.user, wanted, pk)
    labelling.correct_intent(ticket, request.user, form.cleaned_data["intent"].strip())
    said = Ticket.objects.get(pk=pk)
    if visible_tickets(request.user).filter(pk=pk).exists():
        return work.go(wanted, pk, labelled=said)
    messages.success(request, _("Routed to %(team)s.") % {"team": said.team})
    return work.go(wanted, following, labelled=said)


@role_required(Role.AGENT)
@require_POST
def take_back(request: PersonRequest, pk: int) -> HttpResponse:
    """Unsay an intent: one's own word, though the ticket be out of sight, or that of a ticket that one sees."""
    ticket = labelling.own(request.user, pk) or get_ticket_for(request.user, pk)
    try:
        labelling.take_back(ticket, request.POST.get("intent", ""))
        messages.success(request, _("Taken back: triage has decided again, and learns nothing from it."))
    except labelling.NothingToTakeBack:
        messages.error(request, _("Too late to take back: somebody has said what it is about since."))
    sees = visible_tickets(request.user).filter(pk=pk).exists()
    return work.go(queues.read(request.GET, request.user), pk if sees else None)


@role_required(Role.AGENT)
@require_POST
def assign(request: PersonRequest, pk: int) -> HttpResponse:
    """Take the ticket, or give it back to the team."""
    ticket = get_ticket_for(request.user, pk)
    mine = ticket.assignee_id == request.user.pk
    # Conditional, so that a colleague who took it in the meantime keeps it.
    rows = Ticket.objects.filter(pk=pk, assignee=ticket.assignee_id)
    if not rows.update(assignee=None if mine else request.user, assigned_at=None if mine else timezone.now()):
        messages.error(request, _("A colleague has just taken this ticket."))
    return work.go(queues.read(request.GET, request.user), pk)
