"""What was erased, for whoever asks for proof.

Invariant: no content, no address: kinds, numbers, moments, a keyed hash and a place in the audit.
"""

import json
from typing import Any

from tickets.models import AuditEntry, Erasure

STANDS = "Rows and values of this database; not backups, replicas, the helpdesk itself or free blocks of the disk."


def of(erasure: Erasure) -> dict[str, Any]:
    """As it is shown and downloaded."""
    entry = AuditEntry.objects.filter(pk=erasure.entry).first() if erasure.entry else None
    return {
        "certificate": erasure.pk,
        "address_hmac_sha256": erasure.digest,
        "helpdesk": erasure.helpdesk.slug if erasure.helpdesk else None,
        "asked_at": erasure.created_at.isoformat(),
        "covers_until": erasure.cutoff.isoformat(),
        "ended_at": erasure.ended_at.isoformat() if erasure.ended_at else None,
        "by": erasure.actor,
        "erased": erasure.counts,
        "masked": erasure.masked,
        "left": erasure.left,
        "scrubbed": erasure.scrubbed,
        "audit": {"row": entry.pk, "position": entry.position, "mac": entry.mac} if entry else None,
        "scope": STANDS,
    }


def as_json(erasure: Erasure) -> str:
    """To be downloaded."""
    return json.dumps(of(erasure), indent=2, ensure_ascii=False)
