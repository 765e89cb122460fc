"""An agent hides one more value of a ticket from models, or lets them read it again."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tickets import masking, queues
from tickets.access import PersonRequest, get_ticket_for, role_required
from tickets.models.people import Role
from tickets.views import work


@role_required(Role.AGENT)
@require_POST
def hide(request: PersonRequest, pk: int) -> HttpResponse:
    """Hide what was typed or selected; a draft that had read it is written again."""
    ticket = get_ticket_for(request.user, pk)
    try:
        masking.hide(ticket, request.POST.get("value", ""))
    except masking.CannotHide as error:
        return work.show(request, ticket, status=422, mask_error=_reason(str(error)))
    messages.success(request, _("Hidden from models. What they had written from it is written again."))
    return work.go(queues.read(request.GET, request.user), pk)


@role_required(Role.AGENT)
@require_POST
def show(request: PersonRequest, pk: int) -> HttpResponse:
    """Let models read it again."""
    ticket = get_ticket_for(request.user, pk)
    if masking.show(ticket, request.POST.get("placeholder", "")):
        messages.success(request, _("Models may read it again."))
    return work.go(queues.read(request.GET, request.user), pk)


def _reason(code: str) -> str:
    return {
        "short": _("Type at least two characters."),
        "long": _("At most 200 characters at a time."),
        "absent": _("The ticket does not hold these words; copy them as they stand."),
        "hidden": _("This is hidden already."),
    }[code]
