"""The one order in which rows of a ticket are locked.

Invariant: ticket first, draft second, as intake locks them: two orders would deadlock.
"""

from tickets.models import Draft, Ticket


def lock_ticket(draft: Draft) -> None:
    """Hold the draft's ticket until this transaction ends."""
    Ticket.objects.select_for_update().filter(pk=draft.ticket_id).first()
