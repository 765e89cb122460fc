"""A person puts a ticket into another team.

Invariant: a move, and what it tells the helpdesk, can be taken back by who made it while nothing has placed the ticket
since; taken back, everything is as it was.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tickets import write_back
from tickets.models import Move, Team, Ticket, User
from tickets.placing import PLACED, by_person
from tickets.routing import route

# The helpdesk is told after so long, and until then nobody there has noticed.
HOLD_SECONDS = 10
UNDO = timedelta(minutes=5)


class TooLate(Exception):
    """Somebody or something has placed the ticket since, or too long ago."""


@transaction.atomic
def move(ticket: Ticket, user: User, team: Team | None) -> Move:
    """Put it into `team`, where it stays; without a team the rules decide again."""
    ticket.refresh_from_db(from_queryset=Ticket.objects.select_for_update(of=("self",)))
    done = Move(
        ticket=ticket, user=user, former_team=ticket.team, former_assignee=ticket.assignee, former_rule=ticket.rule,
        former_routed_by=ticket.routed_by, former_placed_by=ticket.placed_by, former_priority=ticket.priority,
        former_tags=ticket.tags,
    )  # fmt: skip
    if team:
        by_person(ticket, team, hold=HOLD_SECONDS)
    else:
        ticket.placed_by = ""
        route(ticket)
    ticket.save(update_fields=PLACED)
    done.team = ticket.team
    done.save()
    return done


@transaction.atomic
def undo(done: Move) -> None:
    """Take it back. Raises TooLate."""
    ticket = Ticket.objects.select_for_update().get(pk=done.ticket_id)
    newer = Move.objects.filter(ticket=ticket, pk__gt=done.pk).exists()
    if newer or ticket.team_id != done.team_id or done.created_at < timezone.now() - UNDO:
        raise TooLate
    if ticket.placed_by == Ticket.PlacedBy.HELPDESK and done.former_placed_by != Ticket.PlacedBy.HELPDESK:
        raise TooLate  # the helpdesk has said the same since
    ticket.team, ticket.assignee = done.former_team, done.former_assignee
    ticket.rule, ticket.routed_by = done.former_rule, done.former_routed_by
    ticket.placed_by, ticket.priority, ticket.tags = done.former_placed_by, done.former_priority, done.former_tags
    ticket.save(update_fields=PLACED)
    write_back.ask(ticket)
    done.delete()


def undoable(user: User, pk: int) -> Move | None:
    """The person's own move, while it can be taken back; the ticket may be out of their sight by now."""
    moves = Move.objects.filter(user=user, created_at__gte=timezone.now() - UNDO).select_related("team", "ticket")
    return moves.filter(pk=pk).first()
