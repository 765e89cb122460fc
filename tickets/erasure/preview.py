"""What an erasure would do, and what somebody has to decide before.

Invariant: nothing is changed, and nothing is locked.
"""

import json
from collections import Counter
from dataclasses import asdict, dataclass

from django.utils import timezone

from tickets.erasure import articles, calls, knows, leftovers, person, rows
from tickets.erasure.mentions import Looking
from tickets.models import Delivery, Erasure, Helpdesk


@dataclass(frozen=True)
class Preview:
    """Rows that would go and values that would be masked, by table; articles to decide on; what would be left."""

    address: str
    helpdesk: Helpdesk | None
    counts: Counter[str]
    masked: Counter[str]
    articles: list[articles.Candidate]
    left: dict[str, int]
    kinds: Counter[str]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of this address."""
        return not (self.counts or self.masked or self.articles)


def preview(address: str, helpdesk: Helpdesk | None = None, *, files: bool = True) -> Preview:
    """Look everything through; other people's files, each of which has to be opened, only with `files`.

    Raises `person.NoAddress`.
    """
    address = person.folded(address)
    erasure = Erasure(helpdesk=helpdesk, cutoff=timezone.now())
    known = knows.Knows(address)
    knows.learn(known, erasure)
    erasure.remembers = json.dumps(asdict(known))
    tickets = person.tickets_of(address, helpdesk, erasure.cutoff)
    found = Looking(known.pattern, erasure, but=person.all_of(address)).look(lambda *_: None, act=False, files=files)
    emptied = set(calls.loose(erasure, known.pattern, address))
    emptied |= set(calls.of_tickets(tickets).exclude(body=b"").values_list("pk", flat=True))
    found.values[rows.DELIVERIES] -= _mentions(emptied, known)
    return Preview(
        address=address, helpdesk=helpdesk, counts=_counts(known, erasure, len(emptied)),
        masked=+found.values, articles=list(_candidates(known)), left=left(known, found.files),
        kinds=Counter(kind for kind, _text in known.strings),
    )  # fmt: skip


def _mentions(keys: set[int], known: knows.Knows) -> int:
    """Calls that will be emptied are not masked besides."""
    bodies = Delivery.objects.filter(pk__in=keys).values_list("body", flat=True)
    return sum(known.pattern.mask(bytes(body))[1] for body in bodies)


def _candidates(known: knows.Knows) -> list[articles.Candidate]:
    return list(articles.candidates(known.tickets, known.gaps, known.texts, known.pattern))


def left(known: knows.Knows, files: int) -> dict[str, int]:
    """What names them and stays: other people's files, and articles whose source is elsewhere."""
    found = {"files": files, "articles": articles.published_elsewhere(known.pattern)}
    return {name: count for name, count in found.items() if count}


def _counts(known: knows.Knows, erasure: Erasure, emptied: int) -> Counter[str]:
    tickets = person.tickets_of(known.address, erasure.helpdesk, erasure.cutoff)
    found = rows.would_go(tickets)
    asked, taught = rows.copies(known.pattern, known.texts)
    found["tickets.Asked"] += len(asked)
    found["tickets.TrainingRow"] += len([pk for pk in taught if pk not in _own_rows(known)])
    found[rows.DELIVERIES] += emptied
    found[leftovers.ENDED] += len(leftovers.sessions(known.pattern))
    return +found


def _own_rows(known: knows.Knows) -> set[int]:
    from tickets.models import TrainingRow

    return set(TrainingRow.objects.filter(ticket__in=known.tickets).values_list("pk", flat=True))
