"""The labelled tickets that a text is most like.

Invariant: a row of a ticket that the asker may not see is not shown; what was imported belongs to everybody.
"""

from dataclasses import dataclass

import numpy as np

from copilot.inference.embedder import DIMENSIONS, Embedder
from copilot.privacy import Redacted
from tickets.access import readable_rows
from tickets.models import Ticket, TrainingRow, TrainingVector, User

SHOWN = 3
MOST = 20_000  # rows compared, the newest; one takes 1.5 kB and no measurable time
ALIKE = 4  # a text may stand there more than once: imported, and as a ticket
EXCERPT = 160


@dataclass(frozen=True)
class Past:
    """A labelled text, redacted and cut, its intent, and how near it is (cosine, -1 to 1)."""

    text: str
    intent: str
    nearness: float
    by_person: bool
    ticket: int | None


def nearest(embedder: Embedder, text: Redacted, user: User, *, but: Ticket) -> tuple[Past, ...]:
    """The SHOWN nearest labelled texts that `user` may see, without those of the ticket `but`; none before a
    training has kept vectors.
    """
    rows = TrainingVector.objects.filter(recipe=embedder.recipe)
    rows = rows.filter(row__in=readable_rows(user)).exclude(row__ticket=but)
    found = list(rows.order_by("-row_id").values_list("row_id", "vector")[:MOST])
    if not found:
        return ()
    vectors = np.frombuffer(b"".join(bytes(vector) for _pk, vector in found), np.float32).reshape(-1, DIMENSIONS)
    near = vectors @ embedder.embed([text])[0]
    best = np.argsort(-near, kind="stable")[: SHOWN * ALIKE]
    labelled = TrainingRow.objects.in_bulk([found[i][0] for i in best])
    past = [_past(labelled[found[i][0]], float(near[i])) for i in best if found[i][0] in labelled]
    return tuple({one.text: one for one in reversed(past)}.values())[::-1][:SHOWN]


def _past(row: TrainingRow, nearness: float) -> Past:
    text = " ".join(row.text.split())[:EXCERPT]
    return Past(text, row.intent, nearness, row.origin == TrainingRow.Origin.AGENT, row.ticket_id)
