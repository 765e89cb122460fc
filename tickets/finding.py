"""The fields of a ticket, found in its messages and files.

Invariant: finding never costs a ticket: what goes wrong is noted, and the ticket goes on without. What an agent said is
never touched, and counts before what was found.
"""

import logging
from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from copilot.documents.types import Page
from copilot.triage.fields import find
from copilot.triage.fields.types import Findings, Found, Source, Wanted
from tickets.attached import pages_of
from tickets.models import Attachment, FieldDefinition, FieldReport, FieldValue, Message, Ticket

log = logging.getLogger(__name__)

# Characters of one message, and how many of the newest messages, are looked through.
LONGEST = 100_000
MOST = 50
# How long a deleted definition can be taken back.
KEPT = timedelta(days=1)
FOUND = FieldValue.Origin.FOUND
AGENT = FieldValue.Origin.AGENT


def definitions_of(ticket: Ticket) -> list[FieldDefinition]:
    """What is looked for in this ticket: an intent's own definition of a field before the one for every intent."""
    intent = "" if ticket.triage == Ticket.Triage.UNSURE else ticket.intent
    known = {one.name: one for one in active().filter(intent__in={"", intent}).order_by("intent", "pk")}
    return sorted(known.values(), key=lambda one: (not one.required, one.pk))


def forget_deleted() -> None:
    """Drop the definitions that were deleted a day ago."""
    FieldDefinition.objects.filter(deleted_at__lt=timezone.now() - KEPT).delete()


def active() -> QuerySet[FieldDefinition]:
    """The definitions that count."""
    return FieldDefinition.objects.filter(deleted_at=None)


def find_fields(ticket: Ticket) -> None:
    """Look through the whole ticket. Call in a transaction that holds its row."""
    wanted = [as_wanted(one) for one in definitions_of(ticket)]
    findings = Findings((), (), ())
    if wanted:
        try:
            findings = find(wanted, list(sources_of(ticket)), ticket.language)
        except Exception as error:  # a pattern that runs for ever ends here too, by the task's soft limit
            log.error("fields of ticket %s could not be found: %s", ticket.pk, type(error).__name__)
            return
    _keep(ticket, findings)


def as_wanted(one: FieldDefinition) -> Wanted:
    """The definition as the model layer knows it."""
    return Wanted(one.name, one.kind, one.required, tuple(one.words), one.pattern)


def sources_of(ticket: Ticket) -> Iterator[Source]:
    """The subject, the requester's newest messages, and every file of them that was read."""
    said = ticket.messages.filter(author=Message.Author.REQUESTER).order_by("-sent_at", "-pk")[:MOST]
    yield Source(f"s{ticket.pk}", (Page(0, ticket.subject, "text"),))
    for message in reversed(said):
        yield Source(f"m{message.pk}", (Page(0, message.body[:LONGEST], "text"),))
    read = Attachment.objects.filter(message__ticket=ticket, state=Attachment.State.READ)
    for attachment in read.select_related("content"):
        pages, invoice = pages_of(attachment)
        yield Source(f"a{attachment.pk}", pages, invoice)


def _keep(ticket: Ticket, findings: Findings) -> None:
    found = FieldValue.objects.filter(ticket=ticket, origin=FOUND)
    found.exclude(name__in=[one.name for one in findings.found]).delete()
    for one in findings.found:
        FieldValue.objects.update_or_create(ticket=ticket, name=one.name, origin=FOUND, defaults=_row(one))
    FieldReport.objects.update_or_create(
        ticket=ticket, defaults={"problems": list(findings.problems), "found_at": timezone.now()}
    )


def _row(one: Found) -> dict[str, object]:
    key = int(one.source[1:])
    return {
        "value": one.value, "raw": one.raw, "page": one.page, "start": one.start, "end": one.end,
        "message_id": key if one.source.startswith("m") else None,
        "attachment_id": key if one.source.startswith("a") else None,
        "confidence": one.confidence, "problem": one.problem[:40], "updated_at": timezone.now(),
    }  # fmt: skip


def effective(rows: Iterable[FieldValue]) -> dict[str, FieldValue]:
    """The value that counts of each field: an agent's, else the found one."""
    return {row.name: row for row in sorted(rows, key=lambda row: row.origin == AGENT)}


def missing(ticket: Ticket) -> list[FieldDefinition]:
    """The required fields that the ticket does not hold."""
    required = [one for one in definitions_of(ticket) if one.required]
    if not required:
        return []
    known = effective(FieldValue.objects.filter(ticket=ticket))
    return [one for one in required if one.name not in known or not known[one.name].value]


def missing_names(ticket: Ticket) -> set[str]:
    """Their names."""
    return {one.name for one in missing(ticket)}
