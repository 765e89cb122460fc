"""A kept file, read; and what its words change for its ticket.

Invariant: a file that kills its reader costs at most two workers' time and never the ticket, which is in a queue before
anything is read. What was read and what follows from it are saved in one transaction.
"""

import json
import logging
import time
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from copilot.documents import apart
from copilot.documents.types import Document
from copilot.sealed import CannotDecrypt
from tickets.attachments import State, held
from tickets.audit import record
from tickets.audit.calls import about, write_calls
from tickets.models import Attachment, AttachmentContent, Ticket
from tickets.rereading import learn_from

log = logging.getLogger(__name__)


def read(pk: int) -> None:
    """Read one file if it waits for that and nobody else reads it."""
    waiting = Attachment.objects.filter(pk=pk, state=State.KEPT)
    if waiting.update(state=State.READING, claimed_at=timezone.now(), attempts=F("attempts") + 1) != 1:
        return
    attachment = Attachment.objects.select_related("message").get(pk=pk)
    started = time.monotonic()
    document = _read(attachment)
    _save(attachment, document, time.monotonic() - started)


def _read(attachment: Attachment) -> Document:
    unread = {"name": attachment.name, "kind": "unknown"}
    try:
        data = bytes(AttachmentContent.objects.get(attachment=attachment).data)
        return apart.read(data, attachment.name, attachment.declared)
    except SoftTimeLimitExceeded:
        return Document(**unread, problem="too-slow")  # type: ignore[arg-type]
    except CannotDecrypt:
        return Document(**unread, problem="sealed")  # type: ignore[arg-type]
    except Exception as error:  # whatever it is, it is an end: the type of an exception quotes no customer
        log.error("attachment %s could not be read: %s", attachment.pk, type(error).__name__)
        return Document(**unread, problem="crashed")  # type: ignore[arg-type]


@transaction.atomic
def _save(attachment: Attachment, document: Document, seconds: float) -> None:
    """Keep what was read, if the attempt is still ours. The ticket is locked first, as everywhere."""
    ticket = Ticket.objects.select_for_update().get(pk=attachment.message.ticket_id)
    is_read = bool(document.pages or document.invoice)
    kept = held(attachment, State.READING).update(
        state=State.READ if is_read else State.FAILED, kind=document.kind, pages=len(document.pages),
        problem=document.problem or ("" if is_read else "no-text"), seconds=round(seconds, 3),
    )  # fmt: skip
    if not kept:
        return
    AttachmentContent.objects.filter(attachment=attachment).update(reading=json.dumps(_as_json(document)))
    subject = f"ticket:{ticket.pk}"
    record(
        "file.read", subject=subject, milliseconds=1000 * seconds, attachment=attachment.pk, pages=len(document.pages),
        by_ocr=sum(page.read == "ocr" for page in document.pages),
    )  # fmt: skip
    with about(subject, attachment=attachment.pk):
        learn_from(ticket, attachment.message)
    write_calls()


def _as_json(document: Document) -> dict[str, Any]:
    invoice = document.invoice
    return {
        "pages": [[page.number, page.text.replace("\0", ""), page.read] for page in document.pages],
        "invoice": {"facts": invoice.facts, "syntax": invoice.syntax} if invoice else None,
    }
