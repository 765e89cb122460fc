"""What other people's rows say of the requester: found in every table, and masked where it stands.

Invariant: a row is read again under its lock and only the columns that change are written, so what a worker writes at
the same moment stands; and masking again finds nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Case, Q, QuerySet, When

from tickets.erasure import person
from tickets.erasure.columns import Table, path_to_helpdesk, tables
from tickets.erasure.marks import Pattern
from tickets.models import AttachmentContent, Delivery, Erasure, Ticket

TEXTS, FILES = 200, 3
Tell = Callable[[int, int], None]


@dataclass
class Found:
    """How many values name the requester, by table; and other people's files that do and cannot be masked inside."""

    values: Counter[str] = field(default_factory=Counter)
    files: int = 0


class Looking:
    """One look through the tables. `but` are the requester's own tickets, whose rows go whole."""

    def __init__(self, pattern: Pattern, erasure: Erasure, but: QuerySet[Ticket]) -> None:
        self._pattern = pattern
        self._erasure = erasure
        self._but = but

    def look(self, tell: Tell, *, act: bool, files: bool = True) -> Found:
        """Count what is there, and with `act` mask it; files are opened with `files` only."""
        found = Found()
        if not self._pattern:
            return found
        for place, table in enumerate(tables()):
            for key in self._keys(table) if files or table.model is not AttachmentContent else ():
                self._visit(table, key, found, act=act)
            tell(place + 1, len(tables()))
        return found

    def _keys(self, table: Table) -> Iterator[Any]:
        """Rows that may hold something, in small batches and in the order of their keys.

        PostgreSQL searches what it can read; only the rest (sealed values, bytes) is fetched to be looked at here.
        """
        rows = self._rows(table)
        here = person.any_of(list(table.searchable), self._pattern.for_sql) if table.searchable else Q(pk=None)
        rows = rows.filter(here) if table.is_searchable else rows
        closed = [name for name in table.names if name not in table.searchable]
        seen = rows.annotate(named_here=Case(When(here, then=True), default=False)).order_by("pk")
        size = FILES if table.model is AttachmentContent else TEXTS
        last: Any = None
        while batch := list(_after(seen, last).values_list("pk", "named_here", *closed)[:size]):
            last = batch[-1][0]
            yield from (key for key, named, *values in batch if named or any(map(self._pattern.finds, values)))

    def _rows(self, table: Table) -> QuerySet[Any]:
        rows = table.model._default_manager.all()
        path, helpdesk = path_to_helpdesk(table.model), self._erasure.helpdesk
        if helpdesk and path:
            rows = rows.filter(Q(**{path: helpdesk}) | Q(**{f"{path}__isnull": True}))
        if table.model is Delivery:
            return rows.filter(received_at__lte=self._erasure.cutoff)
        if table.model is Ticket:
            return rows.exclude(pk__in=self._but)
        if path.endswith("ticket__helpdesk"):
            return rows.exclude(**{f"{path.removesuffix('__helpdesk')}__in": self._but})
        return rows

    @transaction.atomic
    def _visit(self, table: Table, key: Any, found: Found, *, act: bool) -> None:
        rows = table.model._default_manager.filter(pk=key)
        row = (rows.select_for_update() if act else rows).values(*table.names).first()
        done = {name: self._pattern.mask(value) for name, value in row.items()} if row else {}
        changed = {name: value for name, (value, count) in done.items() if count}
        found.values[table.label] += sum(count for _, count in done.values())
        if table.model is AttachmentContent and "reading" in changed and "data" not in changed:
            found.files += 1
        if act and changed:
            rows.update(**changed)


def _after(rows: QuerySet[Any], key: Any) -> QuerySet[Any]:
    return rows if key is None else rows.filter(pk__gt=key)
