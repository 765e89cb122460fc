"""What a source yields, whatever its kind."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

VISIBILITIES = ("public", "internal")


@dataclass(frozen=True, slots=True)
class Document:
    """One article as its source holds it now.

    `external_id` is stable there; `body` is Markdown; `address` is where a person reads it, empty for a file.
    """

    external_id: str
    title: str
    section: str
    language: str
    visibility: str
    body: str
    address: str = ""

    @property
    def fingerprint(self) -> str:
        """Changes when, and only when, anything a reader could see changes: an article that moves keeps it."""
        return fingerprint(self.title, self.section, self.language, self.visibility, self.body)


def fingerprint(title: str, section: str, language: str, visibility: str, body: str) -> str:
    """SHA-256 of all that a reader sees, as they are stored (`title` and `section` have their longest length)."""
    seen = [title[:500], section[:200], language, visibility, body]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A document that the source has but that cannot be read, and why. Its last good version stays."""

    external_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A document of which the source itself says that it is as it was at the last sync."""

    external_id: str


@dataclass(frozen=True, slots=True)
class Incomplete:
    """Said once, by a source that could not look everywhere: nothing may be concluded about what was deleted."""

    reason: str


Item = Document | Unreadable | Unchanged | Incomplete


class DocumentSource(Protocol):
    """Yields every document it has, readable or not; raises SourceMissing when it cannot be reached at all."""

    def documents(self) -> Iterator[Item]:
        """Every document, in a stable order."""
        ...


class SourceMissing(RuntimeError):
    """The source as a whole cannot be read, so nothing may be concluded about what was deleted."""
