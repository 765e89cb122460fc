"""The rows that triage may learn from now, and which of them are held out.

Invariant: a row of a ticket counts only while its helpdesk's tickets may teach. Whether a row is held out depends on
its text alone, so that it is the same split night after night, and copies of a text are on one side of it.

Every fifth text of each label is held out, by its hash; only rows that a file or a person has labelled, since what a
ticket became may be what the model itself has said. Rows that a ticket's end implies weigh less by their number: of
each label, the newest, at most as many as there are said ones, or IMPLIED_LEAST.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import Q, QuerySet

from copilot.privacy import Redacted, kept
from tickets.models import TrainingRow

IMPLIED_LEAST = 10
HELD_OUT = 5  # every fifth
LEAST_OF_A_LABEL = 5  # a label with fewer rows keeps them all for learning


class Row(NamedTuple):
    """A labelled text."""

    pk: int
    text: str
    intent: str
    origin: str

    @property
    def digest(self) -> str:
        """Names the text; copies that differ in case and spaces have the same."""
        return hashlib.sha256(" ".join(self.text.lower().split()).encode()).hexdigest()


def usable() -> QuerySet[TrainingRow]:
    """The rows that consent and erasure leave."""
    return TrainingRow.objects.filter(Q(ticket=None) | Q(ticket__helpdesk__may_teach=True))


def read() -> list[Row]:
    """What is learned from, the oldest first."""
    rows = [Row(*values) for values in usable().order_by("pk").values_list("pk", "text", "intent", "origin")]
    said = Counter(row.intent for row in rows if row.origin in TrainingRow.SAID)
    taken: Counter[str] = Counter()
    chosen = []
    for row in reversed(rows):
        if row.origin in TrainingRow.IMPLIED:
            taken[row.intent] += 1
            if taken[row.intent] > max(said[row.intent], IMPLIED_LEAST):
                continue
        chosen.append(row)
    return chosen[::-1]


def split(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """(to learn from, held out)."""
    said = Counter(row.intent for row in rows if row.origin in TrainingRow.SAID)
    digests = {row.digest for row in rows if _is_held_out(row) and said[row.intent] >= LEAST_OF_A_LABEL}
    held = [row for row in rows if row.digest in digests and row.origin in TrainingRow.SAID]
    return [row for row in rows if row.digest not in digests], held


def _is_held_out(row: Row) -> bool:
    return row.origin in TrainingRow.SAID and int(row.digest[:8], 16) % HELD_OUT == 0


def labelled(rows: Iterable[Row]) -> list[tuple[Redacted, str]]:
    """As a classifier learns them."""
    return [(kept(row.text), row.intent) for row in rows]


def fingerprint(rows: Sequence[Row], recipe: str) -> str:
    """Changes with any row, its text or its label, and with the embedder."""
    said = "\n".join(f"{row.pk} {row.digest} {row.intent}" for row in rows)
    return hashlib.sha256(f"{recipe}\n{said}".encode()).hexdigest()
