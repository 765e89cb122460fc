"""What a generator is asked, in the parts that it may treat differently, and how it is made to fit.

Invariant: shortening takes from the evidence's end first, then from the ticket's end; the instructions, the ticket's
head, what is asked and every delimiter stay whole.
"""

from collections.abc import Callable
from dataclasses import dataclass

from copilot.privacy.text import Redacted

FACTS, TICKET, QUESTIONS = ("<facts>", "</facts>"), ("<ticket>", "</ticket>"), ("<questions>", "</questions>")
DELIMITERS = (*FACTS, *TICKET, *QUESTIONS)
# Of a prompt that is too long, the ticket keeps at least this share.
TICKET_SHARE = 0.4
# What the delimiters and line ends between the parts take, generously.
_FENCES = 48


@dataclass(frozen=True, slots=True)
class Prompt:
    """`fixed` instructions, which many prompts share; numbered `facts`; the `ticket`; the `questions` found in it."""

    fixed: Redacted
    facts: tuple[Redacted, ...]
    ticket: Redacted
    questions: tuple[Redacted, ...] = ()

    @property
    def variable(self) -> str:
        """What differs from ticket to ticket, each part between delimiters."""
        return varying([fact.text for fact in self.facts], self.ticket.text, [asked.text for asked in self.questions])

    @property
    def text(self) -> str:
        """The whole, as a model without a chat template reads it."""
        return f"{self.fixed.text}\n\n{self.variable}"


@dataclass(frozen=True, slots=True)
class Ruler:
    """How a model counts: tokens of a text, and the longest head of a text that has so many tokens."""

    count: Callable[[str], int]
    head: Callable[[str, int], str]


def varying(facts: list[str], ticket: str, questions: list[str]) -> str:
    """Facts, ticket and questions, each between its delimiters; questions are left out where there are none."""
    parts = [_between(FACTS, "\n".join(facts)), _between(TICKET, ticket)]
    if questions:
        parts.append(_between(QUESTIONS, "\n".join(f"- {asked}" for asked in questions)))
    return "\n\n".join(parts)


def _between(tags: tuple[str, str], text: str) -> str:
    return f"{tags[0]}\n{text}\n{tags[1]}"


def fitted(prompt: Prompt, room: int, ruler: Ruler) -> str:
    """`prompt.variable` in at most `room` tokens."""
    whole = prompt.variable
    if ruler.count(whole) <= room:
        return whole
    questions = [asked.text for asked in prompt.questions]
    room = max(0, room - _FENCES - sum(ruler.count(asked) + 2 for asked in questions))
    facts = [fact.text for fact in prompt.facts]
    wanted = sum(ruler.count(fact) + 1 for fact in facts)
    ticket = ruler.head(prompt.ticket.text, max(int(room * TICKET_SHARE), room - wanted))
    return varying(_first(facts, room - ruler.count(ticket), ruler), ticket, questions)


def _first(facts: list[str], room: int, ruler: Ruler) -> list[str]:
    """As many whole facts as fit; of the first alone, its head."""
    kept: list[str] = []
    for fact in facts:
        size = ruler.count(fact) + 1
        if size > room:
            break
        kept.append(fact)
        room -= size
    return kept or [ruler.head(fact, room) for fact in facts[:1]]
