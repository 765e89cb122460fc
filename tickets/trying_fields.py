"""A field tried before it is kept: on a text, or on the newest tickets.

Invariant: trying writes nothing, and ends after a few seconds whatever the texts hold.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from copilot.documents.types import Page
from copilot.triage.fields import find
from copilot.triage.fields.types import Source
from tickets.finding import as_wanted, sources_of
from tickets.models import FieldDefinition, Ticket

NEWEST = 50
SECONDS = 5.0
SHOWN = 12
LONGEST = 20_000


@dataclass(frozen=True)
class Hit:
    """A value, and the ticket it is in; none when it was found in the text that was typed."""

    value: str
    ticket: Ticket | None = None


@dataclass
class Trial:
    """What was found, in how many of how many tickets."""

    hits: list[Hit] = field(default_factory=list)
    tickets: int = 0
    is_text: bool = False

    @property
    def shown(self) -> Sequence[Hit]:
        """The first ones."""
        return self.hits[:SHOWN]


def trial(definition: FieldDefinition, sample: str) -> Trial:
    """Where the field is found in `sample`; when that is empty, in the newest tickets of its intent."""
    wanted = as_wanted(definition)
    if sample.strip():
        found = find([wanted], [Source("m0", (Page(0, sample[:LONGEST], "text"),))], "en").found
        return Trial([Hit(one.value) for one in found], is_text=True)
    made, started = Trial(), time.monotonic()
    tickets = Ticket.objects.filter(intent=definition.intent) if definition.intent else Ticket.objects.all()
    for ticket in tickets.order_by("-created_at")[:NEWEST]:
        if time.monotonic() - started > SECONDS:
            break
        made.tickets += 1
        made.hits += [Hit(one.value, ticket) for one in find([wanted], list(sources_of(ticket)), ticket.language).found]
    return made
