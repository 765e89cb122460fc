"""A draft's sentences to the text that a customer would read: placeholders put back, no citation marks."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from copilot.privacy import restore
from tickets.models import Draft

# Around words in another language, in the manner of the language they stand in.
QUOTES = {"en": ("“", "”"), "fr": ("«\u00a0", "\u00a0»")}


def plain_text(draft: Draft) -> str:
    """Paragraphs apart by a blank line, list items on lines of their own."""
    blocks = groupby(draft.sentences, key=lambda sentence: (sentence["block"], sentence["list"]))
    text = "\n\n".join(_block(list(sentences), listing, draft.spoken) for (_, listing), sentences in blocks)
    return restore(text, draft.ticket.originals)


def quote_marks(sentences: Sequence[dict[str, Any]], listing: str, language: str) -> list[tuple[str, str]]:
    """What stands before and after each sentence of a block: words in another language are visibly a quotation.

    In a paragraph one pair embraces neighbours in the same language; in a list each item has its own.
    """
    opening, closing = QUOTES[language]
    spoken = ["", *(sentence.get("lang", "") for sentence in sentences), ""]
    turns = zip(spoken, spoken[1:], spoken[2:], strict=False)
    return [
        ("", "") if not here
        else (opening if listing or before != here else "", closing if listing or after != here else "")
        for before, here, after in turns
    ]  # fmt: skip


def _block(sentences: Sequence[dict[str, Any]], listing: str, language: str) -> str:
    marks = quote_marks(sentences, listing, language)
    texts = [f"{opening}{s['text']}{closing}" for s, (opening, closing) in zip(sentences, marks, strict=True)]
    if not listing:
        return " ".join(texts)
    bullets = [f"{number}. " if listing == "ol" else "- " for number in range(1, len(texts) + 1)]
    return "\n".join(bullet + text for bullet, text in zip(bullets, texts, strict=True))
