"""The files of a message, from the call that names them to a worker that reads them.

Invariant: a file that is too large, too many or cannot be had is a row that says so; the message is taken in all the
same. Every state is left by a conditional UPDATE, and a worker that died leaves its file to the sweep, twice at most.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet, Sum
from django.utils import timezone

from tickets import tasks
from tickets.helpdesks.base import Attached
from tickets.models import Attachment, AttachmentContent, Message
from tickets.wake import wake

State = Attachment.State
# Of one message: more files than these are named only, and together they may weigh so many times the limit of one.
MOST = 20
TOGETHER = 3
# Above the hard limits of the tasks.
FETCH_LEASE = timedelta(seconds=120)
READ_LEASE = timedelta(seconds=180)
MAX_DEATHS = 2
# What this room adds to the codes of copilot.documents.problems.
TOO_MANY = "too-many"
TOO_LARGE = "too-large"
NO_ADDRESS = "no-address"
CRASHED = "crashed"


def limit() -> int:
    """Bytes of one file."""
    return int(settings.ATTACHMENT_MB * 2**20)


def keep(message: Message, attached: Sequence[Attached]) -> None:
    """A row for each file of a new message, and a worker for each that can be had. Call in a transaction."""
    has_address = bool(message.ticket.helpdesk.api_url)
    for position, one in enumerate(attached):
        problem = one.problem or _problem(message, position, one, has_address=has_address)
        kept = problem == "" and one.content is not None
        attachment = Attachment.objects.create(
            message=message, position=position, name=_one_line(one.name)[-255:], declared=_one_line(one.declared)[:120],
            locator=one.locator[:2000], size=one.size, problem=problem,
            state=State.FAILED if problem else State.KEPT if kept else State.WAITING,
        )  # fmt: skip
        if kept:
            AttachmentContent.objects.create(attachment=attachment, data=one.content)
        _wake(attachment)


def _problem(message: Message, position: int, one: Attached, *, has_address: bool) -> str:
    if position >= MOST:
        return TOO_MANY
    if one.size > limit() or one.size > room(message):
        return TOO_LARGE
    return NO_ADDRESS if one.content is None and not has_address else ""


def room(message: Message) -> int:
    """Bytes that the files of this message may yet have."""
    held = message.attachments.exclude(content=None).aggregate(bytes=Sum("size"))["bytes"]
    return TOGETHER * limit() - (held or 0)


def _one_line(text: str) -> str:
    return " ".join(text.replace("\0", "").split())


def _wake(attachment: Attachment) -> None:
    if attachment.state == State.WAITING:
        wake(tasks.fetch_attachment, attachment.pk)
    if attachment.state == State.KEPT:
        wake(tasks.read_attachment, attachment.pk)


def again(attachment: Attachment) -> bool:
    """Fetch or read a file once more, after a repair; False when it had not failed."""
    has_content = AttachmentContent.objects.filter(attachment=attachment).exists()
    state = State.KEPT if has_content else State.WAITING
    failed = Attachment.objects.filter(pk=attachment.pk, state=State.FAILED)
    if failed.update(state=state, problem="", attempts=0, not_before=timezone.now()) != 1:
        return False
    attachment.state = state
    _wake(attachment)
    return True


def held(attachment: Attachment, state: str) -> QuerySet[Attachment]:
    """The row while this attempt is the one that works on it, else nothing."""
    return Attachment.objects.filter(pk=attachment.pk, state=state, attempts=attachment.attempts)


def due() -> QuerySet[Attachment]:
    """The files that wait for a worker now."""
    return Attachment.objects.filter(state__in=(State.WAITING, State.KEPT), not_before__lte=timezone.now())


def wake_due(most: int, before: datetime) -> None:
    """Wake a worker for each that waits since `before`."""
    for attachment in due().filter(not_before__lt=before).order_by("not_before")[:most]:
        _wake(attachment)


def release_abandoned() -> None:
    """Give back what dead workers held; a file that broke two of them is not read."""
    _release(State.READING, READ_LEASE, State.KEPT)
    _release(State.FETCHING, FETCH_LEASE, State.WAITING)


def _release(state: str, lease: timedelta, back: str) -> None:
    abandoned = Attachment.objects.filter(state=state, claimed_at__lt=timezone.now() - lease)
    given_up: dict[str, Any] = {"state": State.FAILED, "problem": CRASHED}
    abandoned.filter(attempts__gte=MAX_DEATHS).update(**given_up)
    abandoned.update(state=back, not_before=timezone.now())
