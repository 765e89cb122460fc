"""The sentences of a conversation that a summary may show, each with its place.

Invariant: what is looked at is bounded, whatever arrives: HEAD and TAIL characters of what a person wrote in each
message, MOST sentences of the ticket, CUT characters of a sentence. Which ones depends on the words alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from copilot.language.sentences import Span
from copilot.language.story import said, told_in
from copilot.privacy.text import PLACEHOLDER
from copilot.summary import cues
from copilot.summary.cue_words import STRONG
from copilot.summary.types import Message

HEAD, TAIL = 6000, 3000
LONGEST_LINE = 2000
CUT = 200
# What goes on for longer without a space is no word: a key, a file.
LONGEST_WORD = 60
MOST = 240
# Of every conversation these are always among them: the first message's beginning, and the last messages.
FIRST, LAST = 20, 40


@dataclass(frozen=True)
class Candidate:
    """Characters `start` to `end` of message number `index`; sentence `place` of it, counted from 0."""

    index: int
    place: int
    start: int
    end: int
    text: str
    by_agent: bool

    @cached_property
    def cues(self) -> dict[str, float]:
        """How plainly it says that it has each role."""
        if cues.is_idle(self.text):
            return dict.fromkeys(STRONG, 0.0)
        found = {role: cues.strength(role, self.text) for role in STRONG}
        return {**found, "tried": 1.0} if self.by_agent and cues.reports(self.text) else found


def candidates(messages: Sequence[Message], language: str) -> list[Candidate]:
    """The sentences in their order, at most MOST."""
    told = [each for index, message in enumerate(messages) for each in _of(index, message, language)]
    found = list({each.text.casefold(): each for each in reversed(told)}.values())[::-1]  # each once, where it is first
    if len(found) <= MOST:
        return found
    always = {*range(FIRST), *range(len(found) - LAST, len(found))}
    order = sorted(range(len(found)), key=lambda n: (n not in always, -sum(found[n].cues.values()), n))
    return [found[n] for n in sorted(order[:MOST])]


def _of(index: int, message: Message, language: str) -> Iterator[Candidate]:
    text, place = message.text.text, 0
    for line in _bounded(said(text)):
        for span in told_in(text, _shortened(text, line, LONGEST_LINE), language):
            cut = _shortened(text, span, CUT)
            if " " in text[cut.start : cut.start + LONGEST_WORD] or cut.end - cut.start < LONGEST_WORD:
                yield Candidate(index, place, cut.start, cut.end, text[cut.start : cut.end], message.by_agent)
                place += 1


def _bounded(lines: Sequence[Span]) -> list[Span]:
    """The first lines of a message, as far as HEAD goes, and the last, as far as TAIL goes."""
    head, room = 0, HEAD
    while head < len(lines) and room > 0:
        room -= min(lines[head].end - lines[head].start, LONGEST_LINE)
        head += 1
    tail, room = len(lines), TAIL
    while tail > head and room > 0:
        tail -= 1
        room -= min(lines[tail].end - lines[tail].start, LONGEST_LINE)
    return [*lines[:head], *lines[tail:]]


def _shortened(text: str, span: Span, most: int) -> Span:
    """The span, or its beginning, cut between words and through no placeholder."""
    if span.end - span.start <= most:
        return span
    end = span.start + most
    space = text.rfind(" ", span.start + most // 2, end)
    end = space if space > 0 else end
    cut = next((m.start() for m in PLACEHOLDER.finditer(text, span.start, span.end) if m.start() < end < m.end()), end)
    return Span(span.start, cut)
