"""Taking the oldest rows away, when retention says so.

Invariant: the chain itself says what was taken: `audit.pruned` names the positions and the mac of the last of them,
from which `verify` then starts. Rows go from the front only, so a chain never has a hole.
"""

from datetime import datetime
from itertools import takewhile

from django.db import connection, transaction

from copilot.privacy.audit.rows import is_right
from copilot.privacy.audit.walk import START, Place
from tickets.audit.keys import link_keys
from tickets.audit.linking import row_of
from tickets.audit.recording import record
from tickets.models import AuditEntry

PRUNED = "audit.pruned"
AT_ONCE = 10_000
_LOCK = 0x50FF1E03


def prunable(before: datetime, most: int = AT_ONCE) -> int:
    """How many rows `prune` would remove."""
    return len(_oldest(before, most))


@transaction.atomic
def prune(before: datetime, most: int = AT_ONCE) -> int:
    """Remove the oldest linked rows, at most `most`, from before `before`; call again until it says 0.

    0 also while the chain is being verified: nothing is taken from under a walk.
    """
    if not _alone():
        return 0
    oldest = _oldest(before, most)
    if not oldest:
        return 0
    first, last = oldest[0], oldest[-1]
    mac = AuditEntry.objects.values_list("mac", flat=True).get(position=last)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL souffleur.pruning = 'on'")
        # One plain statement: Django's collector would first fetch what it deletes.
        AuditEntry.objects.filter(position__lte=last)._raw_delete(using="default")
        cursor.execute("SET LOCAL souffleur.pruning = 'off'")
    record(PRUNED, count=len(oldest), first=first, last=last, mac=mac)
    return len(oldest)


def _oldest(before: datetime, most: int) -> list[int]:
    """The positions of the oldest rows up to the first that is to stay. The newest row always stays."""
    linked = AuditEntry.objects.exclude(position=None).order_by("position")
    rows = list(linked.values_list("position", "at")[: most + 1])[:-1]
    return [position or 0 for position, _ in takewhile(lambda row: row[1] < before, rows)]


def start() -> Place:
    """Where the chain begins: after what the newest `audit.pruned` of ours names."""
    for entry in AuditEntry.objects.filter(kind=PRUNED).order_by("-pk")[:AT_ONCE]:
        if is_right(row_of(entry), link_keys()):
            return Place(int(entry.facts["last"]), str(entry.facts["mac"]))
    return START


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


class Standing:
    """`with Standing():` nothing is pruned meanwhile."""

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock_shared(%s)", [_LOCK])

    def __exit__(self, *_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_shared(%s)", [_LOCK])
