"""The chain in the database, and exports of it, walked and compared with the anchors.

Invariant: whatever was committed and linked before the walk began is looked at, in batches, so memory does not grow;
rows that are written meanwhile are the next walk's. Nothing is pruned while it goes on.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from django.conf import settings
from django.db import connection

from copilot.privacy.audit import anchors
from copilot.privacy.audit.anchors import Held
from copilot.privacy.audit.rows import Row, from_json
from copilot.privacy.audit.walk import START, Place, Walk
from tickets.audit.anchoring import ANCHORED
from tickets.audit.keys import link_keys
from tickets.audit.linking import BATCH as LINKED_AT_ONCE
from tickets.audit.linking import HEAD_LOST, is_ours, is_sealed, linked_rows
from tickets.audit.pruning import PRUNED, Standing, start
from tickets.models import AuditEntry, AuditHead

BATCH = 2000
Progress = Callable[[int, int], None]


def verify(progress: Progress | None = None, folder: Path | None = None, trusted: Sequence[str] = ()) -> Walk:
    """Walk the whole chain; `progress(rows read, rows there are)`. Anchors are read from `folder`."""
    with Standing():
        return _verify(progress or (lambda done, of: None), folder or settings.AUDIT_ANCHORS, trusted)


def _verify(progress: Progress, folder: Path, trusted: Sequence[str]) -> Walk:
    # The anchors first: what they name is then in the table.
    held = anchors.read(folder, [settings.AUDIT_PUBLIC_KEY, *trusted])
    head = AuditHead.objects.filter(pk=1).first()
    begin = start()
    walk = Walk(link_keys(), begin, list(held.anchors.values()))
    known: dict[str, int] = {}
    until = head.position if head else 2**62
    total = AuditEntry.objects.filter(position__lte=until).count()
    while rows := linked_rows(walk.at.position, until, BATCH):
        for row in rows:
            walk.read(row)
            _remember(row, known, walk)
        progress(walk.rows, total)
    walk.end(Place(head.position, head.mac) if head else None)
    _look_at_head(walk, head)
    _look_at_anchors(walk, held, begin.position, known)
    return walk


def _remember(row: Row, known: dict[str, int], walk: Walk) -> None:
    """What the chain itself says of anchors, and of a head that was lost."""
    if row.kind == ANCHORED:
        known[str(row.facts.get("file"))] = int(row.facts.get("position") or 0)
    elif row.kind == HEAD_LOST:
        walk.find("head", row.position or 0)


def _look_at_head(walk: Walk, head: AuditHead | None) -> None:
    if (head and not is_sealed(head)) or (head is None and walk.rows):
        walk.find("head", walk.at.position)
    with connection.cursor() as cursor:  # one statement, so that no link comes in between
        cursor.execute(
            "SELECT min(position), max(position) FROM tickets_auditentry"
            " WHERE position > (SELECT max(position) FROM tickets_audithead)"
        )
        first, last = cursor.fetchone()
    if first is not None:
        walk.find("inserted", first, last)
    waiting = AuditEntry.objects.filter(position=None).order_by("pk")
    forged = sum(not is_ours(row) for row in waiting[:LINKED_AT_ONCE])
    if forged:
        walk.find("unlinked", walk.at.position + 1, walk.at.position + forged)


def _look_at_anchors(walk: Walk, held: Held, since: int, known: dict[str, int]) -> None:
    lost = {position for file, position in known.items() if file not in held.anchors}
    lost |= set(anchors.missing(held, since))
    for position in sorted(lost - set(held.wrong.values())):
        walk.find("anchor_missing", position)
    for position in sorted(held.wrong.values()):
        walk.find("anchor_changed", position)


def verify_file(lines: Iterable[str], folder: Path | None, trusted: Sequence[str], *, with_key: bool) -> Walk:
    """Walk an export of the whole chain with nothing but files: the signatures are checked with `trusted` keys.

    Without the audit's key the rows' links and order are checked, and their content wherever an anchor holds its hash.
    Raises ValueError for a line that is no row.
    """
    held = anchors.read(folder, trusted) if folder else Held({}, {})
    keys = link_keys() if with_key else ()
    walk: Walk | None = None
    known: dict[str, int] = {}
    begin, pruned = START, START
    for row in map(from_json, lines):
        if walk is None:
            begin = Place((row.position or 1) - 1, row.previous)
            walk = Walk(keys, begin, list(held.anchors.values()))
        walk.read(row)
        _remember(row, known, walk)
        if row.kind == PRUNED:
            pruned = max(pruned, Place(int(row.facts["last"]), str(row.facts["mac"])))
    walk = walk or Walk(keys, START, list(held.anchors.values()))
    if begin.position > pruned.position:
        walk.find("removed", pruned.position + 1, begin.position)
    walk.end()
    if folder:
        _look_at_anchors(walk, held, begin.position, known)
    return walk
