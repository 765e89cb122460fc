"""Placements on their way to the helpdesk: a ticket's group, priority and tags.

Invariant: nothing leaves unless an administrator has switched it on for the helpdesk; of one ticket, one placement at a
time is sent and the newest is the last that is told; telling it twice changes nothing. Our own change, when it comes
back by webhook, is known for an echo.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from copilot import egress
from tickets import tasks
from tickets.helpdesks import dialect
from tickets.helpdesks.base import Change, PostFailed
from tickets.models import Helpdesk, Ticket, WriteBack
from tickets.wake import wake

log = logging.getLogger(__name__)

State = WriteBack.State
TIMEOUT_SECONDS = 10.0
MAX_ATTEMPTS = 8
FIRST_WAIT_SECONDS = 5
# An attempt whose outcome nobody saw is known by its echo for so long.
ECHO = timedelta(minutes=15)


def ask(ticket: Ticket, *, hold: float = 0) -> None:
    """Have the helpdesk told where `ticket` is now, `hold` seconds from now. In a transaction that holds the ticket."""
    forget(ticket)
    if not (ticket.helpdesk.writes_back and ticket.helpdesk.api_url):
        return
    group = ticket.team.group_name if ticket.team else ""
    if group.casefold() == ticket.group.casefold() and not _uncertain(ticket).exists():
        group = ""  # it lies there already
    if group or ticket.priority or ticket.tags:
        row = WriteBack.objects.create(
            ticket=ticket, group=group, priority=ticket.priority, tags=ticket.tags,
            not_before=timezone.now() + timedelta(seconds=hold),
        )  # fmt: skip
        wake(tasks.write_back, row.pk, seconds=hold)


def forget(ticket: Ticket) -> None:
    """What was not told yet need not be told any more."""
    WriteBack.objects.filter(ticket=ticket, state=State.QUEUED).update(state=State.REPLACED)


def is_echo(ticket: Ticket, group: str) -> bool:
    """Whether an attempt whose outcome we have not seen may have put the ticket into `group`."""
    return _uncertain(ticket).filter(group__iexact=group, claimed_at__gte=timezone.now() - ECHO).exists()


def _uncertain(ticket: Ticket) -> QuerySet[WriteBack]:
    return WriteBack.objects.filter(ticket=ticket, attempts__gt=0).exclude(state=State.DONE)


def send(pk: int) -> None:
    """Tell one placement if it is due, the newest of its ticket, and no other of the ticket is being told."""
    row = _claim(pk)
    if row is None:
        return
    try:
        moment = _tell(row)
    except PostFailed as error:
        _failed(row, error)
    except Exception as error:  # whatever it is, it is counted, or it would be tried for ever
        _failed(row, PostFailed(f"internal error ({type(error).__name__})", retry=True))
    else:
        _done(row, moment)


@transaction.atomic
def _claim(pk: int) -> WriteBack | None:
    now = timezone.now()
    due = WriteBack.objects.filter(pk=pk, state=State.QUEUED, not_before__lte=now)
    key = due.values_list("ticket", flat=True).first()
    if key is None:
        return None
    Ticket.objects.select_for_update().get(pk=key)  # one placement of a ticket is looked at by one worker at a time
    others = WriteBack.objects.filter(ticket=key)
    if others.filter(pk__gt=pk).exists():
        due.update(state=State.REPLACED)
        return None
    if others.filter(state=State.SENDING).exists():
        return None
    if due.update(state=State.SENDING, claimed_at=now, attempts=F("attempts") + 1) != 1:
        return None
    return WriteBack.objects.select_related("ticket__helpdesk").get(pk=pk)


def _tell(row: WriteBack) -> datetime | None:
    helpdesk = row.ticket.helpdesk
    if not (helpdesk.writes_back and helpdesk.api_url):
        raise PostFailed("writing back is switched off", retry=False)
    change = Change(str(row.key), row.ticket.external_id, row.group, row.priority, tuple(row.tags))
    listed = egress.at(helpdesk.api_url, purpose="placement", owner=f"helpdesk:{helpdesk.pk}")
    with egress.client(listed, timeout=TIMEOUT_SECONDS) as client:
        return dialect(helpdesk.dialect).tell(client, helpdesk.api_url, helpdesk.api_token, change)


@transaction.atomic
def _done(row: WriteBack, moment: datetime | None) -> None:
    Ticket.objects.select_for_update().filter(pk=row.ticket_id).first()  # first the ticket, as everywhere
    if _finish(row, State.DONE, error="", done_at=timezone.now()) and row.group:
        Ticket.objects.filter(pk=row.ticket_id).update(group=row.group, group_at=moment or timezone.now())


@transaction.atomic
def _failed(row: WriteBack, error: PostFailed) -> None:
    log.warning("write-back %s, attempt %s: %s", row.pk, row.attempts, error)
    if error.retry and row.attempts < MAX_ATTEMPTS:
        wait = timedelta(seconds=FIRST_WAIT_SECONDS * 2 ** (row.attempts - 1))
        _finish(row, State.QUEUED, error=str(error)[:300], not_before=timezone.now() + wait)
    else:
        _finish(row, State.FAILED, error=str(error)[:300])


def _finish(row: WriteBack, state: str, **changes: object) -> bool:
    """Leave `sending`, and wake what waited behind it; False when the lease ran out and another attempt took over."""
    mine = WriteBack.objects.filter(pk=row.pk, state=State.SENDING, attempts=row.attempts)
    if mine.update(state=state, **changes) != 1:
        return False
    for pk in WriteBack.objects.filter(ticket=row.ticket_id, pk__gt=row.pk, state=State.QUEUED).values_list("pk"):
        wake(tasks.write_back, *pk)
    return True


def due() -> QuerySet[WriteBack]:
    """What waits and may be told now, the longest waiting first."""
    return WriteBack.objects.filter(state=State.QUEUED, not_before__lte=timezone.now()).order_by("not_before")


def release_abandoned() -> None:
    """Queue again what a dead worker was telling."""
    cutoff = timezone.now() - timedelta(seconds=settings.REPLY_LEASE_SECONDS)
    abandoned = WriteBack.objects.filter(state=State.SENDING, claimed_at__lt=cutoff)
    for row in abandoned.filter(attempts__gte=MAX_ATTEMPTS):
        _failed(row, PostFailed("the worker died while telling it", retry=False))
    abandoned.update(state=State.QUEUED, not_before=timezone.now())


def dead() -> QuerySet[WriteBack]:
    """What was given up, and has no newer placement of its ticket behind it."""
    newer = WriteBack.objects.filter(ticket=OuterRef("ticket"), pk__gt=OuterRef("pk"))
    return WriteBack.objects.filter(~Exists(newer), state=State.FAILED)


def try_again() -> int:
    """Give all that was given up another chance, after a repair; how many."""
    rows = list(dead().values_list("pk", flat=True))
    WriteBack.objects.filter(pk__in=rows, state=State.FAILED).update(
        state=State.QUEUED, attempts=1, error="", not_before=timezone.now()
    )
    for pk in rows:
        wake(tasks.write_back, pk)
    return len(rows)


@transaction.atomic
def switch(helpdesk: Helpdesk, *, on: bool) -> None:
    """Tell the helpdesk of placements from now on, or no longer; what waits is not told."""
    Helpdesk.objects.filter(pk=helpdesk.pk).update(writes_back=on)
    if not on:
        WriteBack.objects.filter(ticket__helpdesk=helpdesk, state=State.QUEUED).update(state=State.REPLACED)
