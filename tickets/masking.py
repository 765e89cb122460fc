"""What models get to read of a ticket, made anew: an agent hides one more value, or an administrator changed a rule.

Invariant: what a person reads never changes; what was made of the old words (draft, summary, fields, training row) is
made again or marked to be.
"""

import logging

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from copilot.privacy.spans import HIDDEN
from tickets import finding, redaction, summaries
from tickets.drafts import request_draft
from tickets.labelling import training_text
from tickets.models import Draft, Message, Redaction, Ticket, TrainingRow

log = logging.getLogger(__name__)

LEAST, MOST = 2, 200
BATCH = 50


class CannotHide(ValueError):
    """Why a value is not hidden, as a code: `short`, `long`, `absent` or `hidden` already."""


@transaction.atomic
def hide(ticket: Ticket, value: str) -> str:
    """Hide `value` from models wherever it stands in the ticket; its placeholder. Raises CannotHide."""
    value = _plain(value.replace("\0", ""))
    if not LEAST <= len(value) <= MOST:
        raise CannotHide("short" if len(value) < LEAST else "long")
    ticket = _locked(ticket.pk)
    originals = ticket.originals
    if value in originals.values():
        raise CannotHide("hidden")
    if not any(value in _plain(text) for text in _texts(ticket)):
        raise CannotHide("absent")
    number = 1 + max((int(key[1:-1].rpartition("_")[2]) for key in originals if _is_hidden(key)), default=0)
    placeholder = f"[{HIDDEN}_{number}]"
    ticket.remember({placeholder: value})
    _again(ticket)
    return placeholder


@transaction.atomic
def show(ticket: Ticket, placeholder: str) -> bool:
    """Let models read what an agent has hidden; False when no agent has."""
    ticket = _locked(ticket.pk)
    if not _is_hidden(placeholder) or placeholder not in ticket.originals:
        return False
    value = _plain(ticket.originals[placeholder])
    for key, other in ticket.originals.items():
        if _is_hidden(key) and _plain(other) == value:  # the same words over a line's end
            ticket.forget(key)
    _again(ticket)
    return True


def hidden(ticket: Ticket) -> list[tuple[str, str, bool]]:
    """What models do not read of a ticket: placeholder, value, and whether an agent hid it; in the order of kinds."""
    values = {
        (_plain(value), _is_hidden(key)): key
        for key, value in sorted(ticket.originals.items(), reverse=True)
        if not key.startswith("[TEXT_")
    }
    return [(key, value, by_agent) for (value, by_agent), key in sorted(values.items(), key=lambda pair: pair[1])]


def redact_again() -> bool:
    """Apply the newest change of the rules to the next BATCH of tickets; whether more are left."""
    row = redaction.settings()
    if row.again_from is None:
        return False
    keys = list(Ticket.objects.filter(pk__gt=row.again_from).order_by("pk").values_list("pk", flat=True)[:BATCH])
    for key in keys:
        _one(key)
    # Conditional: a change that was made meanwhile begins at the first ticket again.
    mine = Redaction.objects.filter(pk=row.pk, stamp=row.stamp)
    mine.update(again_from=keys[-1] if len(keys) == BATCH else None)
    return Redaction.objects.exclude(again_from=None).exists()


def _one(key: int) -> None:
    try:
        with transaction.atomic():
            ticket = _locked(key)
            if _changes(ticket):
                _again(ticket)
    except Ticket.DoesNotExist:
        return
    except SoftTimeLimitExceeded:  # the tickets that are left are the sweep's to wake for
        raise
    except Exception as error:  # one ticket must not hold up the others; its words stay as they were redacted
        log.error("ticket %s could not be redacted again: %s", key, type(error).__name__)


def _locked(key: int) -> Ticket:
    return Ticket.objects.select_for_update().get(pk=key)


def _texts(ticket: Ticket) -> list[str]:
    return [ticket.subject, *ticket.messages.values_list("body", flat=True)]


def _plain(text: str) -> str:
    return " ".join(text.split())


def _is_hidden(placeholder: str) -> bool:
    return placeholder.startswith(f"[{HIDDEN}_")


def _changes(ticket: Ticket) -> bool:
    agents = ticket.agents()
    return any(ticket.redact(one.body, agents=agents).text != one.redacted for one in ticket.messages.all())


def _again(ticket: Ticket) -> None:
    """Redact every message, and have made again what stood on the former words. `ticket` is locked."""
    agents = ticket.agents()  # as they were when the message came: a short name is hidden only where it is named
    for message in ticket.messages.all():
        redacted = ticket.redact(message.body, agents=agents)
        ticket.remember(redacted.originals)
        Message.objects.filter(pk=message.pk).update(redacted=redacted.text)
    ticket.remember(ticket.redact(ticket.subject).originals)
    Ticket.objects.filter(pk=ticket.pk).update(placeholders=ticket.placeholders)
    TrainingRow.objects.filter(ticket=ticket).update(text=training_text(ticket))
    finding.find_fields(ticket)
    summaries.want(ticket)
    live = ticket.drafts.filter(state__in=Draft.LIVE).exclude(state=Draft.State.PENDING).first()
    if live:
        request_draft(Message.objects.select_related("ticket").get(pk=live.message_id))
