"""An event to rows: the ticket, its message, its triage, and a draft to be written.

Invariant: an event taken in twice changes nothing the second time.
"""

from django.utils import timezone

from copilot.language.detect import detect
from copilot.privacy import joined
from copilot.triage.sentiment import sentiment
from copilot.triage.urgency import urgency
from tickets import attachments, finding, groups, pictures, reasons, summaries
from tickets.audit.calls import about, write_calls
from tickets.cleaning import clean
from tickets.drafts import request_draft
from tickets.helpdesks.base import Event
from tickets.intents import classify
from tickets.models import Draft, Helpdesk, Message, Reply, Ticket
from tickets.routing import route


def take_in(helpdesk: Helpdesk, event: Event) -> Ticket:
    """Upsert the ticket and add the message; a requester's new message asks for a draft. Call in a transaction."""
    ticket = _ticket(helpdesk, event)
    groups.hear(ticket, event.place)
    message, created = _message(ticket, event)
    if created:
        with about(f"ticket:{ticket.pk}"):
            _read(ticket, message, event)
        write_calls()
        summaries.want(ticket)  # after the draft, which is woken first: somebody waits for a reply
    return ticket


def _read(ticket: Ticket, message: Message, event: Event) -> None:
    if message.author == Message.Author.AGENT:
        _answered_elsewhere(ticket, message)
        return
    attachments.keep(message, event.attachments)
    is_first = not ticket.messages.filter(author=Message.Author.REQUESTER).exclude(pk=message.pk).exists()
    _triage(ticket, message, is_first=is_first)
    # Webhooks overtake each other: when a later message, or its answer, is here already, nothing waits for this one.
    if not ticket.messages.filter(sent_at__gt=message.sent_at).exists():
        Ticket.objects.filter(pk=ticket.pk).update(state=Ticket.State.OPEN)
        request_draft(message)


def _ticket(helpdesk: Helpdesk, event: Event) -> Ticket:
    """The ticket's row, locked, so that two messages of one ticket are taken in one after the other."""
    facts = {
        "number": event.number[:60],
        "subject": _one_line(event.subject)[:500],
        "requester_name": _one_line(event.requester_name)[:200],
        "requester_email": event.requester_email[:320],
    }
    ticket, _ = Ticket.objects.get_or_create(helpdesk=helpdesk, external_id=event.ticket_id[:200], defaults=facts)
    ticket = Ticket.objects.select_for_update().get(pk=ticket.pk)
    for name, value in facts.items():
        setattr(ticket, name, value or getattr(ticket, name))
    return ticket


def _one_line(text: str) -> str:
    return " ".join(text.replace("\0", "").split())


def _message(ticket: Ticket, event: Event) -> tuple[Message, bool]:
    cleaned = clean(event.body, is_html=event.is_html)
    author = [_one_line(event.author_name)] if event.author == "agent" else []
    redacted = ticket.redact(cleaned.body, agents=[*ticket.agents(), *author])
    ticket.remember(redacted.originals)
    ticket.remember(ticket.redact(ticket.subject).originals)
    ticket.save()
    return Message.objects.get_or_create(
        ticket=ticket,
        external_id=event.message_id[:200],
        defaults={
            "author": event.author, "author_name": _one_line(event.author_name)[:200],
            "body": cleaned.body, "hidden": cleaned.hidden, "redacted": redacted.text, "sent_at": event.sent_at,
            "pictures": pictures.packed(pictures.remote(event.body)) if event.is_html else "",
        },
    )  # fmt: skip


def _triage(ticket: Ticket, message: Message, *, is_first: bool) -> None:
    """Language and urgency follow each message; the intent is decided once, and a person's word stands."""
    text = joined([ticket.redact(ticket.subject), message.for_model()])
    ticket.language = detect(text.text, default=ticket.language)
    ticket.urgency = urgency(text.text, ticket.language)
    ticket.sentiment = sentiment(text.text, ticket.language)
    if is_first and ticket.triage != Ticket.Triage.PERSON:
        classify(ticket, text)
        ticket.also = reasons.further(ticket, text)
    finding.find_fields(ticket)
    route(ticket)
    ticket.save()


def add_reply(reply: Reply, external_id: str) -> None:
    """Put a sent reply into its conversation; the helpdesk's echo then changes nothing. Call in a transaction."""
    # Locked and read anew: a message that arrives meanwhile may bring placeholders of its own.
    ticket = Ticket.objects.select_for_update().filter(pk=reply.ticket_id).first()
    if ticket is None:
        return  # it was erased while the reply was on its way
    name = reply.review.reviewer.display_name if reply.review.reviewer else ""
    redacted = ticket.redact(reply.body, agents=[*ticket.agents(), name])
    _, created = Message.objects.get_or_create(
        ticket=ticket,
        external_id=external_id,
        defaults={
            "author": Message.Author.AGENT, "author_name": name, "body": reply.body,
            "redacted": redacted.text, "sent_at": timezone.now(),
        },
    )  # fmt: skip
    ticket.remember(redacted.originals)
    Ticket.objects.filter(pk=ticket.pk).update(placeholders=ticket.placeholders)
    if created:
        summaries.want(ticket)


def _answered_elsewhere(ticket: Ticket, answer: Message) -> None:
    """A colleague answered in the helpdesk itself: drafts for what they had read by then are out of date."""
    open_drafts = ticket.drafts.filter(state__in=Draft.LIVE, message__sent_at__lte=answer.sent_at)
    open_drafts.update(state=Draft.State.SUPERSEDED)
    if not ticket.messages.filter(author=Message.Author.REQUESTER, sent_at__gt=answer.sent_at).exists():
        Ticket.objects.filter(pk=ticket.pk).update(state=Ticket.State.ANSWERED)
