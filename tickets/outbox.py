"""Accepted replies on their way to the helpdesk.

Invariant: one worker at a time sends a reply (a conditional UPDATE takes it), every attempt carries the same key,
and an attempt whose outcome nobody saw is followed by one that asks the helpdesk first, where it can be asked.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from copilot import egress
from tickets import tasks
from tickets.helpdesks import dialect
from tickets.helpdesks.base import Outgoing, PostFailed
from tickets.intake import add_reply
from tickets.models import Reply, Ticket
from tickets.wake import wake

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 15.0
MAX_ATTEMPTS = 8
FIRST_WAIT_SECONDS = 5


def send(pk: int) -> None:
    """Send one reply if it is due and nobody else sends it."""
    now = timezone.now()
    due = Reply.objects.filter(pk=pk, state=Reply.State.QUEUED, not_before__lte=now)
    if due.update(state=Reply.State.SENDING, claimed_at=now, attempts=F("attempts") + 1) != 1:
        return
    reply = Reply.objects.select_related("ticket__helpdesk", "review__reviewer").get(pk=pk)
    try:
        external_id = _post(reply)
    except PostFailed as error:
        _failed(reply, error)
        return
    except Exception as error:  # whatever it is, it is counted, or the reply would be tried for ever
        _failed(reply, PostFailed(f"internal error ({type(error).__name__})", retry=True))
        return
    _sent(reply, external_id[:200] or str(reply.key))


@transaction.atomic
def _sent(reply: Reply, external_id: str) -> None:
    _finish(reply, Reply.State.SENT, external_id=external_id, error="", sent_at=timezone.now())
    add_reply(reply, external_id)


def _post(reply: Reply) -> str:
    ticket = reply.ticket
    helpdesk = ticket.helpdesk
    if not helpdesk.api_url:
        raise PostFailed("this helpdesk has no address for replies: an administrator can add one", retry=False)
    outgoing = Outgoing(
        key=str(reply.key), ticket_id=ticket.external_id, to=ticket.requester_email, subject=ticket.subject,
        text=reply.body, again=reply.attempts > 1, accepted_at=reply.created_at,
    )  # fmt: skip
    listed = egress.at(helpdesk.api_url, purpose="reply", owner=f"helpdesk:{helpdesk.pk}")
    with egress.client(listed, timeout=TIMEOUT_SECONDS) as client:
        return dialect(helpdesk.dialect).post(client, helpdesk.api_url, helpdesk.api_token, outgoing)


@transaction.atomic
def _failed(reply: Reply, error: PostFailed) -> None:
    log.warning("reply %s, attempt %s: %s", reply.pk, reply.attempts, error)
    if error.retry and reply.attempts < MAX_ATTEMPTS:
        wait = timedelta(seconds=FIRST_WAIT_SECONDS * 2 ** (reply.attempts - 1))
        _finish(reply, Reply.State.QUEUED, error=str(error)[:300], not_before=timezone.now() + wait)
        return
    if _finish(reply, Reply.State.FAILED, error=str(error)[:300]):
        # Nobody has been answered: the ticket comes back to the queue, where somebody sees it.
        Ticket.objects.filter(pk=reply.ticket_id).update(state=Ticket.State.OPEN)


def _finish(reply: Reply, state: str, **changes: object) -> bool:
    """Leave `sending`; False when the lease ran out and another attempt took over."""
    mine = Reply.objects.filter(pk=reply.pk, state=Reply.State.SENDING, attempts=reply.attempts)
    return mine.update(state=state, **changes) == 1


@transaction.atomic
def requeue(reply: Reply) -> bool:
    """Try a failed reply again, after a repair; False when it had not failed."""
    failed = Reply.objects.filter(pk=reply.pk, state=Reply.State.FAILED)
    if failed.update(state=Reply.State.QUEUED, not_before=timezone.now(), error="") != 1:
        return False
    Ticket.objects.filter(pk=reply.ticket_id).update(state=Ticket.State.ANSWERED)
    wake(tasks.deliver_reply, reply.pk)
    return True


def release_abandoned() -> int:
    """Queue again what a dead worker was sending."""
    cutoff = timezone.now() - timedelta(seconds=settings.REPLY_LEASE_SECONDS)
    abandoned = Reply.objects.filter(state=Reply.State.SENDING, claimed_at__lt=cutoff)
    for reply in abandoned.filter(attempts__gte=MAX_ATTEMPTS):
        _failed(reply, PostFailed("the worker died while sending it", retry=False))
    return abandoned.update(state=Reply.State.QUEUED, not_before=timezone.now())
