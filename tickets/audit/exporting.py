"""The audit as JSON Lines, and how it is searched.

Invariant: rows are read in batches by position, so an export of any size takes the memory of one batch; every export is
itself recorded, before its first line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from copilot.privacy.audit.rows import Row, as_json
from tickets.audit.linking import COLUMNS
from tickets.audit.recording import record_all, sealed
from tickets.models import AuditEntry

BATCH = 2000
CONTENT = ("ticket.view", "attachment.download", "delivery.view", "rows.view", "gap.view", "draft.view", "preview.view")


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked for: `since` <= at < `until`; empty: everything. A `kind` that ends with a dot is a beginning."""

    actor: str = ""
    kind: str = ""
    subjects: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    seen_by_administrators: bool = False

    @property
    def where(self) -> Q:
        """As a condition on linked rows."""
        found = Q(position__isnull=False)
        for name, value in (("actor", self.actor), ("subject__in", self.subjects), ("at__gte", self.since)):
            found &= Q(**{name: value}) if value else Q()
        found &= Q(at__lt=self.until) if self.until else Q()
        if self.kind:
            found &= Q(kind__startswith=self.kind) if self.kind.endswith(".") else Q(kind=self.kind)
        if self.seen_by_administrators:
            found &= Q(facts__role="administrator", kind__in=CONTENT)
        return found

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out, so that an export can be verified."""
        return not any((self.actor, self.kind, self.subjects, self.since, self.until, self.seen_by_administrators))


def rows(search: Search) -> Iterator[Row]:
    """In the order of positions."""
    after = 0
    while batch := _batch(search, after):
        yield from batch
        after = batch[-1].position or 0


def _batch(search: Search, after: int) -> list[Row]:
    found = AuditEntry.objects.filter(search.where, position__gt=after).order_by("position")
    return [Row(*values) for values in found.values_list(*COLUMNS)[:BATCH]]


def export(search: Search) -> Iterator[str]:
    """One line for each row; that it was made, and what was asked for, is recorded at once."""
    asked = {"kind": search.kind, "subject": search.subjects[0] if search.subjects else "", "actor": search.actor}
    asked |= {"since": _day(search.since), "until": _day(search.until)}
    facts = {name: value for name, value in asked.items() if value}
    record_all([sealed("audit.export", facts={**facts, "complete": search.is_everything})])
    return (f"{as_json(row)}\n" for row in rows(search))


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""
