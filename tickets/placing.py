"""A ticket comes to a team: by a rule, a person, or the helpdesk.

Invariant: this is the only place that changes a ticket's team, so who did it is always known, nobody outside the team
keeps the ticket, and the helpdesk is told where it may be.
"""

from tickets import write_back
from tickets.assignment import assign
from tickets.models import RoutingRule, Team, Ticket

# What `place` may change; the caller saves these.
PLACED = (
    "team", "placed_by", "rule", "routed_by", "priority", "tags", "assignee", "assigned_at", "updated_at",
)  # fmt: skip


def by_rule(ticket: Ticket, rule: RoutingRule | None) -> None:
    """As the rule says, or nowhere; the caller saves."""
    before = _told(ticket)
    ticket.rule, ticket.routed_by = rule, rule.name if rule else ""
    ticket.priority, ticket.tags = (rule.priority, list(rule.tags)) if rule else ("", [])
    _put(ticket, rule.team if rule else None, Ticket.PlacedBy.RULE if rule else "")
    if _told(ticket) != before:
        write_back.ask(ticket)


def by_person(ticket: Ticket, team: Team, *, hold: float = 0) -> None:
    """As a person says; priority and tags stay. The helpdesk is told after `hold` seconds. The caller saves."""
    ticket.rule, ticket.routed_by = None, ""
    _put(ticket, team, Ticket.PlacedBy.PERSON)
    write_back.ask(ticket, hold=hold)


def by_helpdesk(ticket: Ticket, team: Team) -> None:
    """As the helpdesk says, which need not be told; the caller saves."""
    ticket.rule, ticket.routed_by = None, ""
    _put(ticket, team, Ticket.PlacedBy.HELPDESK)
    write_back.forget(ticket)


def _put(ticket: Ticket, team: Team | None, by: str) -> None:
    if ticket.assignee and team != ticket.team and not (team and ticket.assignee.teams.filter(pk=team.pk).exists()):
        ticket.assignee = ticket.assigned_at = None
        Ticket.objects.filter(pk=ticket.pk).update(assignee=None, assigned_at=None)
    ticket.team, ticket.placed_by = team, by
    assign(ticket)


def _told(ticket: Ticket) -> tuple[object, ...]:
    return ticket.team_id, ticket.priority, ticket.tags
