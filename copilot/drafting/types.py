"""What goes into drafting and what comes out: plain frozen values.

Invariant: a sentence of kind "fact" that is shown as supported or weak has at least one citation, and
`Citation.start` to `end` are the words of `Evidence.text` that it was checked against.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from copilot.privacy.text import Redacted, joined

Kind = Literal["greeting", "acknowledge", "lead", "fact", "question", "holding", "closing"]
Verdict = Literal["supported", "weak", "unsupported", "none"]
Listing = Literal["", "ol", "ul"]
Tone = Literal["neutral", "warm", "brief"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that may be cited. `score` is retrieval's fused score, `dense` its cosine to the ticket."""

    id: int
    title: str
    heading: str
    text: str
    language: str
    score: float
    dense: float
    page: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """Characters `start` to `end` of evidence `evidence` (its id) carry the sentence. `number` is what is shown."""

    evidence: int
    number: int
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the reply. Sentences of one `block` share a paragraph, or are the items of one list.

    `language` is that of a quotation in another language than the ticket's, else empty. A `translated` sentence says
    in the ticket's language what its citations say in another. A `repaired` one named another passage, or none.
    """

    text: str
    kind: Kind
    block: int
    verdict: Verdict = "none"
    listing: Listing = ""
    citations: tuple[Citation, ...] = ()
    language: str = ""
    translated: bool = False
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """What a reply is asked for: the redacted ticket, the reply's language, and how the requester is addressed.

    `team` is who looks into it when no answer is found. `asked_in` is the ticket's language, where the reply is wanted
    in another. `excluded` passages (ids) are not to be used; where some are `pinned`, the reply rests on them alone.
    `missing` is what the reply asks the requester for, in its own language: "your order number".
    """

    subject: Redacted
    body: Redacted
    language: str
    addressee: str = ""
    hint: Redacted | None = None
    team: str = ""
    tone: Tone = "neutral"
    asked_in: str = ""
    excluded: frozenset[int] = frozenset()
    pinned: frozenset[int] = frozenset()
    missing: tuple[str, ...] = ()

    @property
    def text(self) -> Redacted:
        """Subject and body, what retrieval and selection read."""
        return joined(part for part in (self.subject, self.body, self.hint) if part)


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply, or an abstention with its reason. `notes` are for the agent, never part of the reply.

    `nearness` is the reader's probability that the evidence answers; `ranked` are the passages' ids, best first.
    """

    sentences: tuple[Sentence, ...]
    writer: str
    recipe: str
    abstained: bool = False
    reason: str = ""
    note: str = ""
    nearness: float = 0.0
    ranked: tuple[int, ...] = ()

    @property
    def facts(self) -> tuple[Sentence, ...]:
        """The sentences that claim something."""
        return tuple(sentence for sentence in self.sentences if sentence.kind == "fact")


# Told which stage begins, with the sentences that are checked so far; what it raises stops the draft.
Progress = Callable[[str, tuple[Sentence, ...]], None]
