"""One row of the audit in the form that is hashed.

Invariant: the canonical form of a row holds every column but `mac`, and two different rows never have the same one. A
third party can make it from an export with nothing but JSON and HMAC-SHA256 (docs/audit.md shows how).
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

FORMAT = "souffleur-audit-1"
MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"
Keys = Sequence[bytes]


class Row(NamedTuple):
    """A row as it stands in the table; `position` is None and `previous` empty until it is linked."""

    position: int | None
    at: datetime
    actor: str
    kind: str
    subject: str
    model: str
    size: int
    milliseconds: float
    digest: str
    facts: dict[str, Any]
    previous: str
    mac: str


def canonical(row: Row) -> bytes:
    """What is hashed: a JSON array, in ASCII, without blanks, the keys of `facts` sorted."""
    said = [FORMAT, row.position, row.at.astimezone(UTC).strftime(MOMENT), *row[2:-1]]
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode()


def mac_of(row: Row, key: bytes) -> str:
    """HMAC-SHA256 over the canonical form, hexadecimal; of a row without a position it is the seal it is born with."""
    return hmac.digest(key, canonical(row), "sha256").hex()


def is_right(row: Row, keys: Keys) -> bool:
    """Whether one of `keys` made the row's mac."""
    said = canonical(row)
    return any(hmac.compare_digest(hmac.digest(key, said, "sha256").hex(), row.mac) for key in keys)


def head_seal(position: int, mac: str, key: bytes) -> str:
    """What proves that the head of the chain was written by someone with the key."""
    return hmac.digest(key, f"{FORMAT} head {position} {mac}".encode(), "sha256").hex()


def as_json(row: Row) -> str:
    """One line of an export."""
    said = row._asdict() | {"at": row.at.astimezone(UTC).strftime(MOMENT)}
    return json.dumps(said, ensure_ascii=True, allow_nan=False)


def from_json(line: str) -> Row:
    """A row from its line. Raises ValueError for anything else."""
    said = json.loads(line)
    try:
        moment = datetime.strptime(said["at"], MOMENT).replace(tzinfo=UTC)
        return Row(**(said | {"at": moment}))
    except (TypeError, KeyError) as error:
        raise ValueError(f"this is no row of an audit: {error}") from error


def digest_of(texts: Sequence[str], key: bytes) -> str:
    """A keyed hash of texts: who has the key and a text can tell that it was given, nobody else learns anything."""
    made = hmac.new(key, digestmod=hashlib.sha256)
    for text in texts:
        said = text.encode("utf-8", "surrogatepass")
        made.update(len(said).to_bytes(8, "big") + said)
    return made.hexdigest()
