"""One ticket's messages to the lines of its summary.

Invariant: models read the redacted messages and the redacted subject, and nothing else of the ticket.
"""

from dataclasses import asdict, dataclass
from typing import Any

from copilot.summary.summarise import summarise
from copilot.summary.types import Message, Summary
from knowledge import recipes
from tickets.models import Message as Row
from tickets.models import Ticket

# A summary of one line says no more than the ticket's list entry does.
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Condensed:
    """What is kept of a summary; `made_from` is the key of the newest message that was read."""

    lines: list[dict[str, Any]]
    made_from: int
    writer: str
    recipe: str
    note: str


def condense(ticket: Ticket) -> Condensed:
    """Summarise the ticket as it is now. Raises ModelUnusable without an embedder."""
    rows = list(ticket.messages.all())
    for row in rows:
        row.ticket = ticket  # its originals are decrypted once
    messages = [Message(row.pk, row.for_model(), row.author == Row.Author.AGENT) for row in rows]
    made = summarise(messages, ticket.redact(ticket.subject), ticket.language, recipes.serving_embedder())
    return Condensed(_lines(made), max((row.pk for row in rows), default=0), made.writer, made.recipe, made.note)


def _lines(made: Summary) -> list[dict[str, Any]]:
    return [asdict(line) for line in made.lines] if len(made.lines) >= FEWEST else []
