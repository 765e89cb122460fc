"""A file that its helpdesk keeps, fetched.

Invariant: one worker at a time fetches a file, and its bytes and the state that says so are kept in one transaction.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from copilot import egress
from tickets import attachments, tasks
from tickets.attachments import State, held
from tickets.helpdesks import dialect
from tickets.helpdesks.downloading import CannotFetch
from tickets.helpdesks.downloading import fetch as download
from tickets.models import Attachment, AttachmentContent
from tickets.wake import wake

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
FIRST_WAIT_SECONDS = 5


def fetch(pk: int) -> None:
    """Fetch one file if it is due and nobody else fetches it."""
    now = timezone.now()
    due = Attachment.objects.filter(pk=pk, state=State.WAITING, not_before__lte=now)
    if due.update(state=State.FETCHING, claimed_at=now, attempts=F("attempts") + 1) != 1:
        return
    attachment = Attachment.objects.select_related("message__ticket__helpdesk").get(pk=pk)
    try:
        data = _get(attachment)
    except CannotFetch as error:
        _failed(attachment, error)
    except Exception as error:  # whatever it is, it is counted, or the file would be fetched for ever
        log.error("attachment %s could not be fetched: %s", pk, type(error).__name__)
        _failed(attachment, CannotFetch("unreachable", retry=True))
    else:
        _kept(attachment, data)


def _get(attachment: Attachment) -> bytes:
    helpdesk = attachment.message.ticket.helpdesk
    if not helpdesk.api_url:
        raise CannotFetch(attachments.NO_ADDRESS)
    wanted = dialect(helpdesk.dialect).download(helpdesk.api_url, helpdesk.api_token, attachment.locator)
    most = min(attachments.limit(), attachments.room(attachment.message))
    listed = egress.at(helpdesk.api_url, purpose="attachment", owner=f"helpdesk:{helpdesk.pk}")
    return download(wanted, listed, max(most, 0))


@transaction.atomic
def _kept(attachment: Attachment, data: bytes) -> None:
    mine = held(attachment, State.FETCHING)
    if mine.update(state=State.KEPT, size=len(data), attempts=0, problem="") == 1:
        AttachmentContent.objects.create(attachment=attachment, data=data)
        wake(tasks.read_attachment, attachment.pk)


@transaction.atomic
def _failed(attachment: Attachment, error: CannotFetch) -> None:
    log.warning("attachment %s, attempt %s: %s", attachment.pk, attachment.attempts, error)
    mine = held(attachment, State.FETCHING)
    if not error.retry or attachment.attempts >= MAX_ATTEMPTS:
        mine.update(state=State.FAILED, problem=str(error)[:40])
        return
    seconds = FIRST_WAIT_SECONDS * 2 ** (attachment.attempts - 1)
    not_before = timezone.now() + timedelta(seconds=seconds)
    if mine.update(state=State.WAITING, not_before=not_before) == 1:
        wake(tasks.fetch_attachment, attachment.pk, seconds=seconds)
