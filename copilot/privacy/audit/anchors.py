"""A head of the chain, signed: what the chain was on a day, kept where who rewrites the chain cannot reach.

Invariant: a file is written once and whole. It names the one before it, so that one that is taken away is missed, and
the hash of the rows between the two, so that who has an export and the public key needs no secret to check them.
"""

import base64
import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FORMAT = "souffleur-anchor-1"


@dataclass(frozen=True, slots=True)
class Anchor:
    """The row at `position` had this `mac` on `at`. `content` is the SHA-256 of the canonical forms, each with a line
    end, from `first` on; `before` the SHA-256 of the file before this one, or empty."""

    position: int
    mac: str
    at: str
    first: int
    content: str
    before: str


class Held(NamedTuple):
    """What a folder holds: anchors whose signature is right, by the SHA-256 of their files, and other files."""

    anchors: dict[str, Anchor]
    wrong: dict[str, int]  # the file's name and the position that the name says


def new_key() -> str:
    """A private key, as it is kept: 32 bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()


def private_key(kept: str) -> Ed25519PrivateKey:
    """The key from what `new_key` made. Raises ValueError."""
    return Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(kept))


def public_key(kept: str) -> str:
    """What others check with, of a private key."""
    return base64.urlsafe_b64encode(private_key(kept).public_key().public_bytes_raw()).decode()


def write(folder: Path, anchor: Anchor, kept: str) -> str:
    """Sign and write; the SHA-256 of the file. One that is there already stays. Raises OSError."""
    path = folder / f"audit-{anchor.position:012d}-{anchor.at[:10]}.json"
    folder.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        said = {"format": FORMAT, **asdict(anchor), "key": public_key(kept)}
        signature = base64.urlsafe_b64encode(private_key(kept).sign(_signed(said))).decode()
        _write(path, json.dumps(said | {"signature": signature}, indent=1) + "\n")
    return _digest(path)


def _write(path: Path, text: str) -> None:
    half = path.with_suffix(f".{os.getpid()}")
    with half.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    half.chmod(0o444)
    with suppress(FileExistsError):
        path.hardlink_to(half)
    half.unlink()


def read(folder: Path, trusted: Sequence[str]) -> Held:
    """The anchors in `folder` that one of the `trusted` public keys has signed, oldest first, and the other files."""
    keys = [Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key)) for key in trusted]
    held = Held({}, {})
    for path in sorted(folder.glob("audit-*.json")):
        anchor = _read(path, keys)
        if anchor:
            held.anchors[_digest(path)] = anchor
        else:
            number = path.name.split("-")[1]
            held.wrong[path.name] = int(number) if number.isdecimal() else 0
    return held


def _read(path: Path, keys: Sequence[Ed25519PublicKey]) -> Anchor | None:
    try:
        said = json.loads(path.read_bytes())
        signature = base64.urlsafe_b64decode(said.pop("signature"))
        if not any(_verifies(key, signature, _signed(said)) for key in keys) or said["format"] != FORMAT:
            return None
        return Anchor(**{name: said[name] for name in Anchor.__dataclass_fields__})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _verifies(key: Ed25519PublicKey, signature: bytes, said: bytes) -> bool:
    try:
        key.verify(signature, said)
    except InvalidSignature:
        return False
    return True


def missing(held: Held, since: int) -> list[int]:
    """Positions beyond `since` whose anchor a later one names, and which is not there."""
    named = ((one.before, one.first - 1) for one in held.anchors.values() if one.before)
    return [position for before, position in named if before not in held.anchors and position > since]


def _signed(said: dict[str, object]) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
