"""Which team a ticket goes to.

Invariant: the same rules and ticket give the same team; `routed_by` says which rule did it.
"""

from tickets.models import RoutingRule, Ticket


def route(ticket: Ticket) -> None:
    """Set the team by the first rule that matches; unsure tickets wait for a person. The caller saves."""
    if ticket.triage == Ticket.Triage.UNSURE:
        ticket.team, ticket.routed_by = None, ""
        return
    rule = next((rule for rule in RoutingRule.objects.select_related("team") if rule.matches(ticket)), None)
    ticket.team, ticket.routed_by = (rule.team, rule.name) if rule else (None, "")
