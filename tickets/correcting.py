"""An agent says what a field is.

Invariant: what was found stays beside it, so that taking the word back shows it again; and the ticket is routed by what
counts now.
"""

from django.db import transaction
from django.utils import timezone

from copilot.documents.types import Page
from copilot.triage.fields import find
from copilot.triage.fields.types import Source
from tickets import finding, naming
from tickets.models import FieldValue, Ticket, User
from tickets.routing import route

LONGEST = 500


@transaction.atomic
def correct(ticket: Ticket, user: User, name: str, value: str) -> None:
    """`value` counts from now on; an empty one says that the ticket does not hold the field."""
    ticket.refresh_from_db(from_queryset=Ticket.objects.select_for_update())
    said = FieldValue.objects.filter(ticket=ticket, name=name, origin=finding.AGENT).first()
    read, problem = _read(ticket, name, value)
    FieldValue.objects.update_or_create(
        ticket=ticket, name=name, origin=finding.AGENT,
        defaults={
            "value": read, "raw": value, "former": said.value if said else None, "user": user, "problem": problem,
            "updated_at": timezone.now(),
        },
    )  # fmt: skip
    _route(ticket)


def _read(ticket: Ticket, name: str, value: str) -> tuple[str, str]:
    """What was typed, written as a found value is, and the rule that it breaks; as typed where it cannot be read."""
    definition = next((one for one in finding.definitions_of(ticket) if one.name == name), None)
    if definition is None or not value:
        return value, ""
    page = Page(0, f"{naming.label(name)}: {value}", "text")
    found = next(iter(find([finding.as_wanted(definition)], [Source("m0", (page,))], ticket.language).found), None)
    is_whole = found is not None and found.raw.strip() == value
    return (found.value, found.problem) if found and is_whole else (value, "")


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
        said.value, said.raw, said.former, said.problem = said.former, said.former, None, ""
        said.save(update_fields=["value", "raw", "former", "problem"])
    _route(ticket)
    return True


def _route(ticket: Ticket) -> None:
    route(ticket)
    ticket.save()
