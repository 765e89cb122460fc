"""Saying which part of a ticket has no answer, where the rest has one.

Invariant: only a question of the customer's own is named, in their words, and nothing is claimed about it.
"""

from collections.abc import Sequence
from dataclasses import replace

from copilot.drafting.needs import Needs
from copilot.drafting.phrases import phrases_of
from copilot.drafting.types import Request, Sentence

# A need is called unmet well below the threshold only: a sentence too many makes a good answer look doubtful.
SURELY = 0.5
LONGEST = 160


def with_unmet(
    sentences: Sequence[Sentence], request: Request, asked: Needs, chances: Sequence[float], threshold: float
) -> tuple[Sentence, ...]:
    """`sentences` with one before the ending for each question that has no answer, if another has one.

    `chances` are the reader's probabilities, one for each need.
    """
    unmet = [need.text.text for need, chance in zip(asked.needs, chances, strict=False) if chance < SURELY * threshold]
    questions = [text for text in unmet if "?" in text and len(text) <= LONGEST]
    if not questions or len(unmet) == len(asked.needs):
        return tuple(sentences)
    end = next((place for place, one in enumerate(sentences) if one.kind == "closing"), len(sentences))
    block = sentences[end - 1].block + 1
    phrase = phrases_of(request).unanswered
    said = [Sentence(phrase.format(need=text.replace("\n", " ")), "holding", block) for text in questions]
    return (*sentences[:end], *said, *(replace(one, block=one.block + 1) for one in sentences[end:]))
