"""What this desk does with personal data, as it is set today: each line with where it can be checked."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Max

from tickets import destinations
from tickets.access import reads_all
from tickets.audit import anchoring, checks
from tickets.models import AuditCheck, AuditEntry, Destination, Erasure, RedactionRule, RetentionRule, User

Kind = RedactionRule.Kind


@dataclass(frozen=True)
class Overview:
    """Numbers and states; nothing of any ticket."""

    models: tuple[str, ...]
    patterns: int
    allowed: int
    listed: int
    sent_at: datetime | None
    retention: int
    erasures: int
    erased_at: datetime | None
    walk: AuditCheck | None
    anchored: AuditEntry | None
    readers: int
    all_readers: int


def overview() -> Overview:
    """As of now."""
    rules = RedactionRule.objects.filter(deleted_at=None)
    erased = Erasure.objects.filter(state=Erasure.State.DONE)
    people = User.objects.filter(is_active=True)
    return Overview(
        models=_models(),
        patterns=rules.filter(kind=Kind.PATTERN).count(),
        allowed=rules.filter(kind=Kind.ALLOWED).count(),
        listed=sum(row.is_listed and row.is_permitted for row in destinations.rows()),
        sent_at=Destination.objects.aggregate(last=Max("last_at"))["last"],
        retention=RetentionRule.objects.count(),
        erasures=erased.count(),
        erased_at=erased.aggregate(last=Max("ended_at"))["last"],
        walk=checks.last(),
        anchored=anchoring.newest(),
        readers=sum(map(reads_all, people)),
        all_readers=len(people),
    )


def _models() -> tuple[str, ...]:
    """What reads tickets on this machine, by the names in the settings, without a folder's path."""
    named = (settings.EMBEDDER, settings.WRITER_MODEL, settings.RERANKER)
    return tuple(name.rstrip("/").rpartition("/")[2] for name in named if name)
