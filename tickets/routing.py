"""Which team a ticket goes to by the rules.

Invariant: the same rules and ticket give the same team; `rule` and `routed_by` say which rule did it. What a person or
the helpdesk has placed is never moved.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from tickets import placing
from tickets.facts import facts_of
from tickets.matching import Facts, first_match
from tickets.models import BusinessHours, Message, RoutingRule, Ticket

BY_OTHERS = (Ticket.PlacedBy.PERSON, Ticket.PlacedBy.HELPDESK)


def route(ticket: Ticket) -> None:
    """Place the ticket by the first rule that matches; without one it waits in triage. In a transaction; the caller
    saves `placing.PLACED`.
    """
    if ticket.placed_by in BY_OTHERS:
        return
    said = ticket.messages.filter(author=Message.Author.REQUESTER).order_by("-sent_at")
    asked = said.values_list("sent_at", flat=True).first() or ticket.created_at
    placing.by_rule(ticket, first_match(rules(), read(ticket, asked, BusinessHours.current())))


def waiting() -> QuerySet[Ticket]:
    """Open tickets that no rule has placed so far, and nobody else, the longest waiting first."""
    return Ticket.objects.filter(state=Ticket.State.OPEN, team=None, placed_by="").order_by("created_at")


def place_waiting(most: int) -> int:
    """Ask the rules again about what waits, each ticket in a transaction of its own; how many found a team."""
    placed = 0
    for pk in waiting().values_list("pk", flat=True)[:most]:
        with transaction.atomic():
            ticket = waiting().select_for_update(of=("self",)).filter(pk=pk).first()
            if ticket:
                route(ticket)
                ticket.save(update_fields=placing.PLACED)
                placed += ticket.team_id is not None
    return placed


def rules() -> list[RoutingRule]:
    """Every rule, in order."""
    return list(RoutingRule.objects.select_related("team"))


def read(ticket: Ticket, asked: datetime, hours: BusinessHours) -> Facts:
    """What a rule may ask of `ticket`, whose requester last wrote at `asked`."""
    by_person = ticket.triage == Ticket.Triage.PERSON
    return Facts(
        intents=frozenset([ticket.intent] if ticket.intent else []),
        is_sure=ticket.triage != Ticket.Triage.UNSURE,
        confidence=1.0 if by_person else ticket.confidence or 0.0,
        language=ticket.language,
        urgency=ticket.urgency,
        requester=ticket.requester_email,
        in_hours=hours.include(asked),
        fields=facts_of(ticket),
    )


def asked_at(tickets: QuerySet[Ticket]) -> QuerySet[Any]:
    """With the moment of the requester's last message."""
    said = Message.objects.filter(ticket=OuterRef("pk"), author=Message.Author.REQUESTER)
    return tickets.annotate(asked_at=Subquery(said.order_by("-sent_at").values("sent_at")[:1]))
