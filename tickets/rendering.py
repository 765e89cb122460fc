"""A draft's sentences to the text that a customer would read: placeholders put back, no citation marks."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from copilot.privacy import restore
from tickets.models import Draft


def plain_text(draft: Draft) -> str:
    """Paragraphs apart by a blank line, list items on lines of their own."""
    blocks = groupby(draft.sentences, key=lambda sentence: (sentence["block"], sentence["list"]))
    text = "\n\n".join(_block(list(sentences), listing) for (_, listing), sentences in blocks)
    return restore(text, draft.ticket.originals)


def _block(sentences: Sequence[dict[str, Any]], listing: str) -> str:
    texts = [sentence["text"] for sentence in sentences]
    if not listing:
        return " ".join(texts)
    marks = [f"{number}. " if listing == "ol" else "- " for number in range(1, len(texts) + 1)]
    return "\n".join(mark + text for mark, text in zip(marks, texts, strict=True))
