"""Webhook calls of the requester: what they brought goes, that they were kept stays.

Invariant: a call that is emptied keeps its row, so that the helpdesk that repeats it is told "kept before" and brings
nothing back; and one that a worker is at, at this moment, is waited for.
"""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from tickets.erasure.marks import Pattern
from tickets.erasure.person import folded
from tickets.helpdesks import dialect
from tickets.helpdesks.base import Event, NotForUs, Unreadable
from tickets.models import Delivery, Erasure, Ticket

BATCH = 100
ERASED = "erased"


def empty(calls: QuerySet[Delivery]) -> int:
    """Nothing is left of what they brought; how many had something."""
    return calls.exclude(body=b"").update(body=b"", reason=ERASED)


def of_tickets(tickets: QuerySet[Ticket]) -> QuerySet[Delivery]:
    """The calls that a ticket came of."""
    return Delivery.objects.filter(ticket__in=tickets)


def loose(erasure: Erasure, pattern: Pattern, address: str) -> Iterator[int]:
    """Calls without a ticket that are the requester's, as far as can be told; one that nobody can read is theirs.

    A call that is being worked through is locked: it is waited for, and has a ticket then.
    """
    rows = Delivery.objects.filter(ticket=None, received_at__lte=erasure.cutoff).exclude(body=b"")
    rows = rows.filter(helpdesk=erasure.helpdesk) if erasure.helpdesk else rows
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", "body")[:BATCH]):
        last = batch[-1][0]
        for key, body in batch:
            if pattern.finds(bytes(body)) and _is_theirs(key, address):
                yield key


def _is_theirs(key: int, address: str) -> bool:
    call = Delivery.objects.select_related("helpdesk").filter(pk=key).first()
    if call is None:
        return False
    try:
        event = dialect(call.helpdesk.dialect).read(bytes(call.body))
    except (NotForUs, Unreadable):
        return True
    return isinstance(event, Event) and event.requester_email.strip().casefold() == folded(address)


@transaction.atomic
def empty_loose(key: int) -> int:
    """Empty it, unless a worker has just made a ticket of it, which goes with its ticket."""
    call = Delivery.objects.select_for_update().filter(pk=key).first()
    if call is None or call.ticket_id is not None or not bytes(call.body):
        return 0
    state = Delivery.State.IGNORED if call.state == Delivery.State.RECEIVED else call.state
    Delivery.objects.filter(pk=key).update(body=b"", reason=ERASED, state=state, done_at=call.done_at or timezone.now())
    return 1
