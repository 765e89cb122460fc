"""Where the helpdesk says that a ticket lies.

Invariant: only a change moves a ticket: the group in which it was when we first heard of it is as often the helpdesk's
default as somebody's word. Our own change coming back, and word that is older than what we know, move nothing.
"""

from django.db.models import Q

from tickets import placing, write_back
from tickets.helpdesks.base import Moved, NotForUs, Place
from tickets.models import Helpdesk, Team, Ticket


def move_in(helpdesk: Helpdesk, moved: Moved) -> Ticket:
    """Word of a ticket's group alone; raises NotForUs when it changes nothing. Call in a transaction."""
    rows = Ticket.objects.select_for_update().filter(helpdesk=helpdesk, external_id=moved.ticket_id[:200])
    ticket = rows.first()
    if ticket is None or not moved.place.group:
        raise NotForUs(moved.why)
    changed = hear(ticket, moved.place)
    ticket.save(update_fields=["group", "group_at", *placing.PLACED])
    if not changed:
        raise NotForUs(moved.why)
    return ticket


def hear(ticket: Ticket, place: Place) -> bool:
    """Note where the ticket lies, and place it there if the helpdesk has moved it: whether it has. The caller saves."""
    if not place.group or (place.at and ticket.group_at and place.at < ticket.group_at):
        return False
    known, ticket.group, ticket.group_at = ticket.group, place.group[:120], place.at or ticket.group_at
    if not known or known.casefold() == ticket.group.casefold() or write_back.is_echo(ticket, ticket.group):
        return False
    team = called(ticket.group)
    if team is None:
        return False  # a group that has no team here; the ticket stays where it is
    placing.by_helpdesk(ticket, team)
    return True


def called(group: str) -> Team | None:
    """The team whose tickets lie in this group of the helpdesk."""
    return Team.objects.filter(Q(group__iexact=group) | Q(group="", name__iexact=group)).first()
