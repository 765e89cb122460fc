"""An agent says what a field is.

Invariant: what was found stays beside it, so that taking the word back shows it again; and the ticket is routed by what
counts now.
"""

from django.db import transaction
from django.utils import timezone

from tickets import finding
from tickets.models import FieldValue, Ticket, User
from tickets.routing import route

LONGEST = 500


@transaction.atomic
def correct(ticket: Ticket, user: User, name: str, value: str) -> None:
    """`value` counts from now on; an empty one says that the ticket does not hold the field."""
    ticket.refresh_from_db(from_queryset=Ticket.objects.select_for_update())
    said = FieldValue.objects.filter(ticket=ticket, name=name, origin=finding.AGENT).first()
    FieldValue.objects.update_or_create(
        ticket=ticket, name=name, origin=finding.AGENT,
        defaults={
            "value": value, "raw": value, "former": said.value if said else None, "user": user,
            "updated_at": timezone.now(),
        },
    )  # fmt: skip
    _route(ticket)


@transaction.atomic
def take_back(ticket: Ticket, name: str) -> bool:
    """The agent's last word is gone: the one before it counts, or what was found. False when there is none."""
    ticket.refresh_from_db(from_queryset=Ticket.objects.select_for_update())
    said = FieldValue.objects.filter(ticket=ticket, name=name, origin=finding.AGENT).first()
    if said is None:
        return False
    if said.former is None:
        said.delete()
    else:
        said.value, said.raw, said.former = said.former, said.former, None
        said.save(update_fields=["value", "raw", "former"])
    _route(ticket)
    return True


def _route(ticket: Ticket) -> None:
    route(ticket)
    ticket.save()
