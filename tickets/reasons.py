"""Why a ticket has its intent, and what else it asks about.

Invariant: whoever is shown a past ticket as a reason may see that ticket; its text is redacted all the same.
"""

from dataclasses import dataclass

from copilot.inference.embedder import Embedder
from copilot.privacy import Redacted, joined
from copilot.triage.classifier import Classifier
from copilot.triage.several import others
from copilot.triage.why import Word, telling_words
from knowledge import recipes
from tickets import renaming
from tickets.intents import active_classifier, learned_at
from tickets.models import Message, Ticket, User
from tickets.past import Past, nearest


@dataclass(frozen=True)
class Reasons:
    """The words that led to the intent, and the past tickets that are nearest, the nearest first."""

    words: tuple[Word, ...]
    past: tuple[Past, ...]


def further(ticket: Ticket, text: Redacted) -> list[tuple[str, float]]:
    """Further intents of the ticket that begins with `text`, and how sure the model is of each."""
    known = _model()
    if known is None or not ticket.intent:
        return []
    return [
        (other.intent, round(other.confidence, 4)) for other in others(*known, text, ticket.intent, ticket.language)
    ]


def reasons(ticket: Ticket, user: User) -> Reasons:
    """Why the model that serves would give `ticket` its intent. Takes up to a tenth of a second."""
    known = _model()
    if known is None:
        return Reasons((), ())
    classifier, embedder = known
    text = text_of(ticket)
    names = renaming.names_since(learned_at())
    called = {label for label in classifier.labels if names.get(label, label) == ticket.intent}
    words = telling_words(classifier, embedder, text, called)
    return Reasons(words, nearest(embedder, text, user, but=ticket))


def text_of(ticket: Ticket) -> Redacted:
    """What triage reads of a ticket: its subject and the requester's first message."""
    first = ticket.messages.filter(author=Message.Author.REQUESTER).first()
    return joined([ticket.redact(ticket.subject), *([first.for_model()] if first else [])])


def _model() -> tuple[Classifier, Embedder] | None:
    classifier = active_classifier()
    embedder = recipes.embedder_of(classifier.recipe) if classifier else None
    return (classifier, embedder) if classifier and embedder else None
