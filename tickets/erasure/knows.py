"""What a worker must know of a requester to go on where another died.

Invariant: it is sealed in the erasure's row, grows only, and is emptied when the erasure ends.
"""

import json
from dataclasses import asdict, dataclass, field

from tickets.erasure import person
from tickets.erasure.marks import Pattern
from tickets.models import Erasure, GapQuestion


@dataclass
class Knows:
    """The address; what names them, as (kind, text); their words; which tickets and gaps; which articles go."""

    address: str
    strings: list[list[str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    tickets: list[int] = field(default_factory=list)
    gaps: list[int] = field(default_factory=list)
    articles: list[int] = field(default_factory=list)

    @property
    def pattern(self) -> Pattern:
        """Finds whatever names them."""
        return Pattern((kind, text) for kind, text in self.strings)


def recall(erasure: Erasure) -> Knows:
    """What the row remembers."""
    return Knows(**json.loads(erasure.remembers))


def learn(knows: Knows, erasure: Erasure) -> None:
    """Add what their tickets say that are still there."""
    tickets = person.tickets_of(knows.address, erasure.helpdesk, erasure.cutoff)
    strings = {tuple(one) for one in knows.strings} | set(person.strings_of(knows.address, tickets))
    knows.strings = sorted(list(one) for one in strings)
    knows.texts = sorted({*knows.texts, *person.texts_of(tickets)})
    knows.tickets = sorted({*knows.tickets, *tickets.values_list("pk", flat=True)})
    gaps = GapQuestion.objects.filter(ticket__in=tickets).values_list("gap_id", flat=True)
    knows.gaps = sorted({*knows.gaps, *gaps})


def keep(knows: Knows, erasure: Erasure) -> None:
    """In the row, sealed."""
    erasure.remembers = json.dumps(asdict(knows))
    erasure.save(update_fields=["remembers"])
