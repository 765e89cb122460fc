"""The evidence of a draft: the passages that it cites, with the quoted words marked.

Invariant: what a card marks is exactly the characters that the citation names, in the passage version that
was checked; nothing is searched for again here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from urllib.parse import urlencode

from django.urls import reverse

from knowledge.models import ArticleVersion, Passage
from tickets.models import Citation, Draft

AROUND = 110  # characters of context on each side of the quoted words


@dataclass(frozen=True)
class Part:
    """A stretch of a passage; `sentences` names those of the reply that stand on it ("" for none)."""

    text: str
    sentences: str


@dataclass(frozen=True)
class Card:
    """One piece of evidence. `foreign` is its language, where that is not the ticket's."""

    number: int
    foreign: str
    passage: Passage
    version: ArticleVersion
    url: str
    sentences: str
    excerpt: Sequence[Part]
    whole: Sequence[Part]
    is_cut: bool


def build(draft: Draft, citations: Sequence[Citation]) -> list[Card]:
    """One card for each passage, in the order of its number."""
    return [_card(draft, number, group) for number, group in _by_number(citations)]


def foreign(draft: Draft, citation: Citation) -> str:
    """The passage's language, if it is not the ticket's."""
    language = citation.passage.language
    return language if language != draft.spoken else ""


def citation_url(citation: Citation) -> str:
    """The article, in the version that was checked, with the quoted words lit."""
    lit = urlencode({"p": citation.passage.position, "from": citation.start, "to": citation.end})
    return passage_url(citation.passage, lit)


def passage_url(passage: Passage, query: str = "") -> str:
    """The article, in the version that the passage is of, at the passage."""
    page = reverse("article_version", args=[passage.version.article_id, passage.version.number])
    return f"{page}{'?' if query else ''}{query}#p{passage.position}"


def _by_number(citations: Sequence[Citation]) -> Iterator[tuple[int, list[Citation]]]:
    ordered = sorted(citations, key=lambda citation: (citation.number, citation.start))
    for number, group in groupby(ordered, key=lambda citation: citation.number):
        yield number, list(group)


def _card(draft: Draft, number: int, citations: list[Citation]) -> Card:
    passage = citations[0].passage
    start, end = _window(passage.text, min(c.start for c in citations), max(c.end for c in citations))
    return Card(
        number=number,
        foreign=foreign(draft, citations[0]),
        passage=passage,
        version=passage.version,
        url=citation_url(citations[0]),
        sentences=" ".join(str(index) for index in sorted({c.sentence for c in citations})),
        excerpt=_parts(passage.text, citations, start, end),
        whole=_parts(passage.text, citations, 0, len(passage.text)),
        is_cut=start > 0 or end < len(passage.text),
    )


def _window(text: str, start: int, end: int) -> tuple[int, int]:
    """The quoted words with some context, cut between words."""
    left = 0 if start <= AROUND else text.find(" ", start - AROUND) + 1
    right = len(text) if len(text) - end <= AROUND else text.rfind(" ", end, end + AROUND)
    return min(left, start), right if right >= end else len(text)


def _parts(text: str, citations: Sequence[Citation], start: int, end: int) -> list[Part]:
    spans = [(citation.start, citation.end) for citation in citations]
    return [_part(text, citations, left, right) for left, right in cut(spans, start, end)]


def cut(spans: Sequence[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """`start` to `end`, cut wherever a span begins or ends; spans may overlap."""
    return pairwise(sorted({start, end, *(edge for span in spans for edge in span if start < edge < end)}))


def _part(text: str, citations: Sequence[Citation], left: int, right: int) -> Part:
    here = {c.sentence for c in citations if c.start <= left and right <= c.end}
    return Part(text[left:right], " ".join(str(index) for index in sorted(here)))
