"""Sentence boundaries, as offsets: `text[start:end]` is the sentence, so that a quotation can be pointed at."""

from dataclasses import dataclass

from sentencex import segment


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of some text."""

    start: int
    end: int


def sentence_spans(text: str, language: str) -> list[Span]:
    """The sentences of one paragraph, surrounding white space left out."""
    spans: list[Span] = []
    cursor = 0
    for piece in segment(language, text):
        stripped = piece.strip()
        start = text.find(stripped, cursor) if stripped else -1
        if start >= 0:
            spans.append(Span(start, start + len(stripped)))
            cursor = start + len(stripped)
    return spans


def sentences(text: str, language: str) -> list[str]:
    """The sentences of a text of several lines; no sentence crosses a line break."""
    return [line[span.start : span.end] for line in text.splitlines() for span in sentence_spans(line, language)]
