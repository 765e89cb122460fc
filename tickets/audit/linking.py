"""Rows that have been written become links of the chain.

Invariant: positions count from 1 without a gap, in the order in which rows are linked; one process links at a time, and
each link, with the head that names it, is one transaction. A row without the seal of our key is never linked.

Rows are linked just after the commit that wrote them. Between the two, milliseconds long, or until the next sweep when
the process died there, a row could vanish without a trace; the table's trigger refuses that to everybody but a
database administrator who removes the trigger.
"""

from collections.abc import Sequence

from django.db import connection, transaction

from copilot.privacy.audit.rows import Row, head_seal, is_right, mac_of
from copilot.privacy.audit.walk import Place
from tickets.audit.keys import link_keys
from tickets.models import AuditEntry, AuditHead

COLUMNS = Row._fields
BATCH = 500
_LOCK = 0x50FF1E02  # any number that nobody else locks
HEAD_LOST = "audit.head_lost"


def link() -> int:
    """Link whatever waits, unless another process is at it: that one looks once more before it ends."""
    total = 0
    while linked := _link_some():
        total += linked
    return total


@transaction.atomic
def _link_some() -> int:
    if not _alone():
        return 0
    # Those that are not ours stay where they are, for `verify` to find; so they must not stand before the others.
    waiting = [row for row in AuditEntry.objects.filter(position=None).order_by("pk")[:BATCH] if is_ours(row)]
    if not waiting:
        return 0
    place = _head()
    for entry in waiting:
        entry.position, entry.previous = place.position + 1, place.mac
        entry.mac = mac_of(row_of(entry), link_keys()[0])
        place = Place(entry.position, entry.mac)
    _write(waiting)
    write_head(place)
    return len(waiting)


def _write(linked: Sequence[AuditEntry]) -> None:
    """In one statement whose size does not grow: Django's bulk_update writes a CASE for each row and column."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tickets_auditentry AS e SET position = l.position, previous = l.previous, mac = l.mac"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[]) AS l(id, position, previous, mac)"
            " WHERE e.id = l.id",
            [[getattr(entry, name) for entry in linked] for name in ("pk", "position", "previous", "mac")],
        )


def _alone() -> bool:
    with connection.cursor() as cursor:
        # Nobody waits for the disk: links that a crash of the server loses are made again.
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _head() -> Place:
    """Where the chain ends. When the head was taken away or changed, where the rows end, and the chain says so."""
    head = AuditHead.objects.filter(pk=1).first()
    if head and is_sealed(head):
        return Place(head.position, head.mac)
    last = AuditEntry.objects.exclude(position=None).order_by("-position").first()
    if head is None and last is None:
        return Place(0, "")
    place = Place(last.position or 0, last.mac) if last else Place(0, "")
    return _append(place, HEAD_LOST)


def _append(place: Place, kind: str) -> Place:
    from tickets.audit.recording import SYSTEM, sealed

    entry = sealed(kind, actor=SYSTEM)
    entry.position, entry.previous = place.position + 1, place.mac
    entry.mac = mac_of(row_of(entry), link_keys()[0])
    entry.save()
    return Place(entry.position, entry.mac)


def write_head(place: Place) -> None:
    """The chain ends here from now on."""
    seal = head_seal(place.position, place.mac, link_keys()[0])
    AuditHead.objects.update_or_create(pk=1, defaults={"position": place.position, "mac": place.mac, "seal": seal})


def is_sealed(head: AuditHead) -> bool:
    """Whether one of our keys wrote the head."""
    return any(head.seal == head_seal(head.position, head.mac, key) for key in link_keys())


def is_ours(entry: AuditEntry) -> bool:
    """Whether a row that waits for its link was written by us."""
    return is_right(row_of(entry), link_keys())


def row_of(entry: AuditEntry) -> Row:
    """The row as it is hashed."""
    return Row(*(getattr(entry, name) for name in COLUMNS))


def linked_rows(after: int, until: int, most: int) -> Sequence[Row]:
    """At most `most` rows of the chain behind position `after`, up to `until`, in order."""
    rows = AuditEntry.objects.filter(position__gt=after, position__lte=until).order_by("position")
    return [Row(*values) for values in rows.values_list(*COLUMNS)[:most]]
