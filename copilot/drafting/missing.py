"""Asking for what is needed and not there.

Invariant: what is asked for is what an administrator named; the sentence claims nothing, so it needs no citation.
"""

from collections.abc import Sequence
from dataclasses import replace

from copilot.drafting.phrases import phrases_of
from copilot.drafting.types import Request, Sentence


def asking(request: Request) -> str:
    """The sentence that asks for `request.missing`; empty when nothing is missing."""
    if not request.missing:
        return ""
    phrases = phrases_of(request)
    *others, last = request.missing
    items = f"{', '.join(others)} {phrases.also} {last}" if others else last
    return phrases.missing.format(items=items)


def with_missing(sentences: Sequence[Sentence], request: Request) -> tuple[Sentence, ...]:
    """`sentences` with the asking one in a paragraph of its own before the closing."""
    if not request.missing:
        return tuple(sentences)
    end = next((place for place, one in enumerate(sentences) if one.kind == "closing"), len(sentences))
    block = sentences[end - 1].block + 1 if end else 0
    later = (replace(one, block=one.block + 1) for one in sentences[end:])
    return (*sentences[:end], Sentence(asking(request), "question", block), *later)
