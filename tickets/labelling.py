"""What people and files say tickets are about: the rows that triage learns from.

Invariant: a row's text is redacted before it is stored, and a row of a ticket dies with the ticket.
"""

import json
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from copilot.privacy import joined
from tickets import finding, redaction, teaching
from tickets.intents import classify
from tickets.models import Message, Ticket, TrainingRow, User
from tickets.placing import PLACED
from tickets.routing import route


def import_rows(path: Path) -> int:
    """Add the labelled tickets of a JSON Lines file (subject, body, lang, intent), redacted. Raises ValueError."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        try:
            row = json.loads(line)
            text, intent, language = f"{row['subject']}\n{row['body']}", row["intent"], row["lang"]
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}, line {number}: needs subject, body, lang and intent") from error
        rows.append(
            TrainingRow(
                text=redaction.redact(text).text, intent=intent, language=language, origin=TrainingRow.Origin.IMPORTED
            )
        )
    return len(TrainingRow.objects.bulk_create(rows))


@transaction.atomic
def correct_intent(ticket: Ticket, user: User, intent: str) -> None:
    """A person's word: it is kept as a training row, and the ticket is routed again."""
    ticket.refresh_from_db(from_queryset=Ticket.objects.select_for_update())  # a message may have come meanwhile
    ticket.intent, ticket.confidence, ticket.triage = intent, None, Ticket.Triage.PERSON
    finding.find_fields(ticket)
    route(ticket)
    ticket.save(update_fields=["intent", "confidence", "triage", *PLACED])
    _teach(ticket, user, intent)
    teaching.answered(ticket)


def _teach(ticket: Ticket, user: User, intent: str) -> None:
    """Where tickets of the helpdesk may not teach, no row comes into being; one from before keeps up with people."""
    said = {
        "text": training_text(ticket), "intent": intent, "language": ticket.language,
        "origin": TrainingRow.Origin.AGENT, "labelled_by": user, "accepted_at": None,
    }  # fmt: skip
    if ticket.helpdesk.may_teach:
        TrainingRow.objects.update_or_create(ticket=ticket, defaults=said)
    else:
        TrainingRow.objects.filter(ticket=ticket).update(**said)


def relabel(row: TrainingRow, user: User, intent: str) -> None:
    """A person puts a row right; the ticket it came from, if any, stays as it was handled."""
    TrainingRow.objects.filter(pk=row.pk).update(
        intent=intent, origin=TrainingRow.Origin.AGENT, labelled_by=user, accepted_at=None
    )


def accept(row: TrainingRow) -> None:
    """A person has looked at a doubtful row: its label is right."""
    TrainingRow.objects.filter(pk=row.pk).update(accepted_at=timezone.now())


class NothingToTakeBack(Exception):
    """No person has said what the ticket is about, or somebody has taken it back already."""


@transaction.atomic
def take_back(ticket: Ticket, intent: str) -> None:
    """A person's word, `intent`, is unsaid: its row is erased, and the model is asked again.

    Raises NothingToTakeBack, also when somebody has said something else since.
    """
    ticket.refresh_from_db(from_queryset=Ticket.objects.select_for_update())
    if (ticket.triage, ticket.intent) != (Ticket.Triage.PERSON, intent):
        raise NothingToTakeBack
    TrainingRow.objects.filter(ticket=ticket).delete()
    ticket.intent, ticket.confidence, ticket.triage = "", None, Ticket.Triage.UNSURE
    first = ticket.messages.filter(author=Message.Author.REQUESTER).first()
    if first:
        classify(ticket, joined([ticket.redact(ticket.subject), first.for_model()]))
    finding.find_fields(ticket)
    route(ticket)
    ticket.save(update_fields=["intent", "confidence", "triage", *PLACED])


def own(user: User, pk: int) -> Ticket | None:
    """The ticket, if its label is this person's word; it may have been routed out of their sight."""
    return Ticket.objects.filter(pk=pk, triage=Ticket.Triage.PERSON, training_row__labelled_by=user).first()


def training_text(ticket: Ticket) -> str:
    """What triage learns of a ticket: its subject and first message, redacted."""
    first = ticket.messages.filter(author=Message.Author.REQUESTER).first()
    return f"{ticket.redact(ticket.subject).text}\n{first.redacted if first else ''}"


def known_intents() -> list[str]:
    """Every intent that triage can name or a person has used, in order."""
    used = TrainingRow.objects.order_by().values_list("intent", flat=True).distinct()
    return sorted(set(used) | set(Ticket.objects.exclude(intent="").order_by().values_list("intent", flat=True)))
