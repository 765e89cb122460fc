"""A ticket's summary as the conversation column shows it, and the messages with what it cites of them.

Invariant: what lights up is exactly the characters that a line names; nothing is searched for again here. A ticket
without a summary shows nothing of one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tickets.models import Message, Summary, Ticket

_ENDS = tuple('.!?…:;»)"”')
PARTS: dict[str, Promise] = {
    "problem": _("Problem"), "tried": _("Done so far"), "asked": _("Asked for"), "fact": _("Facts and dates"),
}  # fmt: skip


@dataclass(frozen=True)
class Cited:
    """One line: characters `start` to `end` of message number `place` (from 1). `number` is the line's own."""

    number: int
    role: str
    text: str
    message: Message
    place: int
    start: int
    end: int

    @property
    def by_agent(self) -> bool:
        """Whether a colleague said it."""
        return self.message.author == Message.Author.AGENT

    @property
    def is_cut(self) -> bool:
        """Whether its sentence goes on in the message."""
        words = self.message.redacted or self.message.body
        says_all = self.role == "fact" or self.text != words[self.start : self.end] or self.text[-1:] in _ENDS
        return not says_all and words[self.end : self.end + 1] == " "


@dataclass(frozen=True)
class Mark:
    """Words that something other than the summary stands on, by its name on the page."""

    number: str
    start: int
    end: int


@dataclass(frozen=True)
class Entry:
    """A message of the conversation, its place in it, and the lines that stand on it."""

    message: Message
    place: int
    lines: Sequence[Cited] = ()
    marks: Sequence[Mark] = ()

    @property
    def words(self) -> str:
        """What is shown, and what the places of lines are of."""
        return self.message.redacted or self.message.body


@dataclass(frozen=True)
class Part:
    """The lines of one role under its name."""

    role: str
    name: Promise
    lines: Sequence[Cited]


@dataclass(frozen=True)
class Shown:
    """What stands above the conversation. It is `outdated` while it does not know of the newest message."""

    summary: Summary
    parts: Sequence[Part]
    messages: int
    is_outdated: bool

    @property
    def gist(self) -> Cited | None:
        """The one line that is read while the summary is closed: what is asked last, else what is wrong."""
        by_role = {part.role: part.lines for part in self.parts}
        lines = [*by_role.get("problem", ())[:1], *by_role.get("asked", ())]
        return lines[-1] if lines else None

    @property
    def is_awaited(self) -> bool:
        """Whether a worker has yet to make it, or to make it know of the newest message."""
        return self.summary.is_waiting and (self.is_outdated or not self.parts)

    @property
    def is_written(self) -> bool:
        """Whether a model put it into words."""
        return self.summary.writer.startswith("model:")


def build(ticket: Ticket, talk: Sequence[Message]) -> Shown | None:
    """The summary of this conversation; None for a ticket that has none."""
    summary = Summary.objects.filter(ticket=ticket).first()
    if summary is None or (not summary.lines and not summary.is_waiting):
        return None
    cited = list(_cited(summary.lines, talk))
    parts = [Part(role, name, lines) for role, name in PARTS.items() if (lines := [c for c in cited if c.role == role])]
    newest = max((message.pk for message in talk), default=0)
    return Shown(summary, parts, len(talk), is_outdated=bool(cited) and summary.made_from < newest)


def conversation(talk: Sequence[Message], shown: Shown | None) -> list[Entry]:
    """The messages with the lines that stand on them."""
    lines = [line for part in shown.parts for line in part.lines] if shown else []
    return [
        Entry(message, place, [line for line in lines if line.message.pk == message.pk])
        for place, message in enumerate(talk, 1)
    ]


def _cited(lines: Sequence[dict[str, Any]], talk: Sequence[Message]) -> Iterator[Cited]:
    """The lines whose message is still there."""
    places = {message.pk: (place, message) for place, message in enumerate(talk, 1)}
    for number, line in enumerate(lines, 1):
        if line["message"] in places:
            place, message = places[line["message"]]
            yield Cited(number, line["role"], line["text"], message, place, line["start"], line["end"])
