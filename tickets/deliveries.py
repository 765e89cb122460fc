"""From a kept webhook call to a ticket, a message, and a draft waiting to be written.

Invariant: a delivery leaves `received` in the same transaction as everything made from it. A worker that dies in
between leaves a delivery that the sweep finds again, and no trace of the attempt.
"""

import logging

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tickets import tasks
from tickets.groups import move_in
from tickets.helpdesks import dialect
from tickets.helpdesks.base import Moved, NotForUs, Unreadable
from tickets.helpdesks.files import without_contents
from tickets.intake import take_in
from tickets.models import Delivery
from tickets.wake import wake

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 5


def process(pk: int) -> None:
    """Process one delivery, unless another worker has it or it is done."""
    try:
        with transaction.atomic():
            _process(pk)
    except Exception as error:  # whatever it is, it must be counted, or a poisoned delivery would return for ever
        # The message of an exception may quote a customer; its type does not.
        log.error("delivery %s could not be processed: %s", pk, type(error).__name__)
        _count_failure(pk, error)


def _process(pk: int) -> None:
    # Of the delivery alone: a locked helpdesk row would make its next webhook wait for us.
    waiting = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("helpdesk")
    delivery = waiting.filter(pk=pk, state=Delivery.State.RECEIVED).first()
    if delivery is None:
        return
    try:
        event = dialect(delivery.helpdesk.dialect).read(bytes(delivery.body))
        helpdesk = delivery.helpdesk
        delivery.ticket = move_in(helpdesk, event) if isinstance(event, Moved) else take_in(helpdesk, event)
        delivery.state = Delivery.State.DONE
        if any(one.content for one in getattr(event, "attachments", ())):
            # They are kept, encrypted; the call would keep them as they came.
            delivery.body = without_contents(bytes(delivery.body))
    except NotForUs as reason:
        delivery.state, delivery.reason = Delivery.State.IGNORED, str(reason)[:300]
    except Unreadable as reason:
        delivery.state, delivery.reason = Delivery.State.FAILED, str(reason)[:300]
    delivery.done_at = timezone.now()
    delivery.save(update_fields=["ticket", "state", "reason", "done_at", "body"])


def _count_failure(pk: int, error: Exception) -> None:
    waiting = Delivery.objects.filter(pk=pk, state=Delivery.State.RECEIVED)
    waiting.update(attempts=F("attempts") + 1, reason=f"internal error ({type(error).__name__})")
    waiting.filter(attempts__gte=MAX_ATTEMPTS).update(state=Delivery.State.FAILED, done_at=timezone.now())


def replay(delivery: Delivery) -> None:
    """Give a failed delivery another chance, after a repair."""
    failed = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.FAILED)
    if failed.update(state=Delivery.State.RECEIVED, reason="", attempts=0, done_at=None):
        wake(tasks.process_delivery, delivery.pk)
