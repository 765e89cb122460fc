"""What a summary is made of.

Invariant: a line's `start` and `end` are characters of the redacted text of the message that it names. A line of
the extractive summary is those characters; one that a model wrote was checked against them.
"""

from dataclasses import dataclass
from typing import Literal

from copilot.privacy.text import Redacted

Role = Literal["problem", "tried", "asked", "fact"]
ROLES: tuple[Role, ...] = ("problem", "tried", "asked", "fact")


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the conversation, oldest first; `id` is the caller's."""

    id: int
    text: Redacted
    by_agent: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a summary. `text` is redacted, as the message is."""

    role: Role
    text: str
    message: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The lines in the order in which they are read, who wrote them, and what made them."""

    lines: tuple[Line, ...]
    writer: str
    recipe: str
    note: str = ""
