"""What a source yields, whatever its kind."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Document:
    """One article as its source holds it now. `external_id` is stable; `body` is Markdown."""

    external_id: str
    title: str
    section: str
    language: str
    visibility: str
    body: str

    @property
    def fingerprint(self) -> str:
        """Changes when, and only when, anything a reader could see changes."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A document that the source has but that cannot be read, and why."""

    external_id: str
    reason: str


class DocumentSource(Protocol):
    """Yields every document it has, readable or not; raises SourceMissing when it cannot be reached at all."""

    def documents(self) -> Iterator[Document | Unreadable]:
        """Every document, in a stable order."""
        ...


class SourceMissing(RuntimeError):
    """The source as a whole cannot be read, so nothing may be concluded about what was deleted."""
