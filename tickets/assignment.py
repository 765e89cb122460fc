"""Who in a team gets a ticket, where the team has it assigned by load.

Invariant: two tickets that come at once are not given to the same person for want of looking: whoever assigns holds
the team's row, and a ticket that somebody has taken meanwhile stays theirs.
"""

from django.db.models import Count, F, Max, Q
from django.utils import timezone

from tickets.models import Team, Ticket, User


def assign(ticket: Ticket) -> None:
    """Give the ticket to the member of its team with the least to do, if the team wants that. In a transaction."""
    if ticket.team is None or not ticket.team.assigns_by_load or ticket.assignee_id:
        return
    # Not a key's lock: whoever saves a ticket of this team would hold that one, and two of them each other.
    Team.objects.select_for_update(no_key=True).get(pk=ticket.team.pk)
    member, now = least_loaded(ticket.team), timezone.now()
    if member and Ticket.objects.filter(pk=ticket.pk, assignee=None).update(assignee=member, assigned_at=now):
        ticket.assignee, ticket.assigned_at = member, now


def least_loaded(team: Team) -> User | None:
    """The active member who is here and has the fewest open tickets; of several, the one longest without a new one."""
    here = team.members.filter(is_active=True, is_away=False)
    loaded = here.annotate(
        load=Count("tickets", filter=Q(tickets__state=Ticket.State.OPEN)), newest=Max("tickets__assigned_at")
    )
    return loaded.order_by("load", F("newest").asc(nulls_first=True), "pk").first()
