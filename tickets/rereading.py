"""A file has been read: what follows from it for its ticket.

Invariant: what a person has decided stands; and what nobody and nothing was sure of is decided anew.
"""

from copilot.language.detect import detect
from copilot.privacy import Redacted, joined
from copilot.triage.urgency import urgency
from tickets import finding
from tickets.attached import words_of
from tickets.drafts import request_draft
from tickets.intents import classify
from tickets.models import Draft, Message, Ticket
from tickets.routing import route


def learn_from(ticket: Ticket, message: Message) -> None:
    """A file of `message` has been read: triage, fields, team and draft once more. `ticket` is locked."""
    message.ticket = ticket
    words = ticket.redact(words_of(message), agents=ticket.agents())
    ticket.remember(words.originals)
    _triage(ticket, message, words)
    finding.find_fields(ticket)
    route(ticket)
    ticket.save()
    _draft(ticket, message, words)


def _triage(ticket: Ticket, message: Message, words: Redacted) -> None:
    """The intent, where nobody and nothing was sure of it; language and urgency, where the message has no words."""
    if not words.text:
        return
    text = joined([ticket.redact(ticket.subject), message.for_model(), words])
    if not message.body:
        ticket.language = detect(text.text, default=ticket.language)
        ticket.urgency = urgency(text.text, ticket.language)
    is_first = ticket.messages.filter(author=Message.Author.REQUESTER).first() == message
    says_more = ticket.triage == Ticket.Triage.UNSURE or not message.body
    if is_first and says_more and ticket.triage != Ticket.Triage.PERSON:
        classify(ticket, text)


def _draft(ticket: Ticket, message: Message, words: Redacted) -> None:
    """A draft where there was nothing to draft from, or where the reply asks for what the file has brought."""
    draft = ticket.drafts.filter(message=message, state__in=Draft.LIVE).first()
    if draft is None or draft.is_waiting:
        return
    had_no_words = draft.state == Draft.State.FAILED and not message.body and words.text
    if had_no_words or set(draft.asks) - finding.missing_names(ticket):
        request_draft(message)
