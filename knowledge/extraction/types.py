"""What extraction gives, and how it refuses."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Extracted:
    """A document as Markdown. `title` and `language` (a code such as "fr") are empty where the file says neither."""

    title: str
    body: str
    language: str = ""
    address: str = ""


class CannotRead(ValueError):
    """A document that cannot be read; the message says why, and what a person can do about it."""
