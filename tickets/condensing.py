"""One ticket's messages to the lines of its summary.

Invariant: models read the redacted messages and the redacted subject, and nothing else of the ticket; a model's line is
checked as a draft's sentence is, against the sentence that it names, and what was compared is not remembered.
"""

from dataclasses import asdict, dataclass
from typing import Any

from copilot.drafting.types import Citation, Evidence, Sentence
from copilot.drafting.verify import CARRIED, forget, verify
from copilot.inference.generator import Generator
from copilot.inference.watch import ShouldStop
from copilot.summary.extract import Extract
from copilot.summary.summarise import Conversation, can_write, reword, summarise
from copilot.summary.types import Message, Summary
from knowledge import recipes
from tickets.models import Message as Row
from tickets.models import Ticket

# A summary of one line says no more than the ticket's list entry does.
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Condensed:
    """A summary, what it was made of, and the key of the newest message that was read."""

    made: Summary
    made_from: int
    read: Extract
    conversation: Conversation

    def __repr__(self) -> str:
        return f"Condensed({self.made_from})"  # a log quotes nobody

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The lines as they are kept."""
        return [asdict(line) for line in self.made.lines] if len(self.made.lines) >= FEWEST else []

    def may_be_reworded_by(self, model: Generator | None) -> bool:
        """Whether the model can say it better."""
        return can_write(model, self.read) and bool(self.lines)


def condense(ticket: Ticket) -> Condensed:
    """Summarise the ticket as it is now, word for word. Raises ModelUnusable without an embedder."""
    rows = list(ticket.messages.all())
    for row in rows:
        row.ticket = ticket  # its originals are decrypted once
    messages = [Message(row.pk, row.for_model(), row.author == Row.Author.AGENT) for row in rows]
    conversation = Conversation(messages, ticket.redact(ticket.subject), ticket.language)
    made, read = summarise(conversation, recipes.serving_embedder())
    return Condensed(made, max((row.pk for row in rows), default=0), read, conversation)


def say_better(condensed: Condensed, model: Generator, should_stop: ShouldStop) -> Condensed:
    """The same in the model's words, as far as the messages carry them."""
    language = condensed.conversation.language

    def carried(line: str, sentence: str) -> bool:
        return _carries(sentence, line, language)

    try:
        made = reword(condensed.made, condensed.read, condensed.conversation, model, carried, should_stop)
    finally:
        forget()
    return Condensed(made, condensed.made_from, condensed.read, condensed.conversation)


def _carries(sentence: str, line: str, language: str) -> bool:
    evidence = Evidence(0, "", "", sentence, language, 1.0, 1.0)
    claim = Sentence(line, "fact", 0, citations=(Citation(0, 1, 0, len(sentence), 1.0),))
    return verify(claim, {0: evidence}).verdict in CARRIED
