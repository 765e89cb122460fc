"""From a conversation to its summary.

Invariant: without a generator, or when too little of its text is carried by the messages, the summary is extractive;
either way every line is words of one message, or was checked against them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from copilot.inference.embedder import Embedder
from copilot.inference.generator import Generator
from copilot.inference.watch import ShouldStop
from copilot.privacy.text import Redacted
from copilot.summary.extract import Extract, extract
from copilot.summary.types import ROLES, Line, Message, Role, Summary
from copilot.summary.write import MAX_TOKENS, Carried, parse, prompt

RECIPE = "summary-1"
EXTRACT = "extract"
# A model's summary stands when at least this share of its lines is carried by what they name.
ENOUGH = 0.5
UNCARRIED = "the model’s summary was not carried by the messages"


@dataclass(frozen=True, slots=True)
class Conversation:
    """The messages, oldest first, and what they are about. Their language is the ticket's."""

    messages: Sequence[Message]
    subject: Redacted
    language: str


def summarise(conversation: Conversation, embedder: Embedder) -> tuple[Summary, Extract]:
    """The extractive summary, and what a model should read to say it better."""
    read = extract(conversation.messages, conversation.subject, conversation.language, embedder)
    return Summary(read.lines, EXTRACT, f"{RECIPE}/{embedder.recipe}"), read


def can_write(generator: Generator | None, read: Extract) -> bool:
    """Whether a model may say it better: the bundled writer has learnt to write replies, and nothing else."""
    return generator is not None and generator.style != "numbered" and bool(read.told)


def reword(
    made: Summary,
    read: Extract,
    conversation: Conversation,
    generator: Generator,
    carried: Carried,
    should_stop: ShouldStop | None = None,
) -> Summary:
    """The same in the model's words, as far as they are carried; the parts that it leaves out stay as they are."""
    messages, language = conversation.messages, conversation.language
    asked = prompt(read.told, messages, conversation.subject, language)
    [text] = generator.generate([asked], MAX_TOKENS, should_stop=should_stop)
    written, claims = parse(text, read.told, messages, language, carried)
    if not written or len(written) < ENOUGH * claims:
        return Summary(made.lines, made.writer, made.recipe, UNCARRIED)
    lines = tuple(line for role in ROLES for line in _of(role, written) or _of(role, made.lines))
    return Summary(lines, f"model:{generator.recipe}", f"{made.recipe}/{generator.recipe}")


def _of(role: Role, lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if line.role == role]
