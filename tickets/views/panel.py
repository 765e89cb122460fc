"""A draft as the right column shows it.

Invariant: what a card marks is exactly the characters that the citation names, in the passage version that
was checked; nothing is searched for again here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from knowledge.models import ArticleVersion, Passage
from tickets.models import Citation, Draft
from tickets.rendering import plain_text

AROUND = 110  # characters of context on each side of the quoted words


@dataclass(frozen=True)
class Cite:
    """A citation number and where it leads."""

    number: int
    url: str
    title: str


@dataclass(frozen=True)
class Spoken:
    """One sentence of the reply."""

    index: int
    text: str
    kind: str
    verdict: str
    cites: Sequence[Cite]


@dataclass(frozen=True)
class Block:
    """A paragraph or a list of the reply."""

    tag: str
    sentences: Sequence[Spoken]


@dataclass(frozen=True)
class Part:
    """A stretch of a passage; `sentences` names those of the reply that stand on it ("" for none)."""

    text: str
    sentences: str


@dataclass(frozen=True)
class Card:
    """One piece of evidence."""

    number: int
    passage: Passage
    version: ArticleVersion
    url: str
    sentences: str
    excerpt: Sequence[Part]
    whole: Sequence[Part]
    is_cut: bool


@dataclass(frozen=True)
class Panel:
    """The draft column."""

    draft: Draft
    blocks: Sequence[Block]
    cards: Sequence[Card]
    text: str
    opened: str

    @property
    def tone(self) -> str:
        """How far the reply can be trusted at a glance."""
        verdicts = {sentence["verdict"] for sentence in self.draft.facts}
        return "bad" if "unsupported" in verdicts else "warn" if "weak" in verdicts else "good"

    @property
    def pill(self) -> str:
        """`4 of 5 facts checked · 1 weak`."""
        verdicts = [sentence["verdict"] for sentence in self.draft.facts]
        if not verdicts:
            return _("states no facts")
        checked, weak, bare = (verdicts.count(name) for name in ("supported", "weak", "unsupported"))
        parts = [
            ngettext(
                "%(checked)d of %(facts)d fact checked",
                "%(checked)d of %(facts)d facts checked",
                len(verdicts),
            )
            % {"checked": checked, "facts": len(verdicts)}
        ]
        parts += [_("%d weak") % weak] if weak else []
        parts += [_("%d without support") % bare] if bare else []
        return " · ".join(parts)

    @property
    def made(self) -> str:
        """Who put it into words, and from how much: the quoting writer, or a model by its name."""
        count = {"n": len(self.cards)}
        if self.draft.writer.startswith("model:"):
            model = self.draft.writer.removeprefix("model:")[:40]
            text = ngettext(
                "written by %(model)s from %(n)d passage", "written by %(model)s from %(n)d passages", count["n"]
            )
            return text % {**count, "model": model}
        return ngettext("quoted from %(n)d passage", "quoted from %(n)d passages", count["n"]) % count

    @property
    def seconds(self) -> float | None:
        """How long the writing took: the writer's own total, else the sum of its steps."""
        timings: dict[str, Any] = self.draft.timings
        steps = [value for value in timings.values() if isinstance(value, int | float)]
        return float(timings.get("total", sum(steps))) if steps else None

    @property
    def waited(self) -> float:
        """Seconds since the draft was asked for."""
        return (timezone.now() - self.draft.created_at).total_seconds()


def build(draft: Draft) -> Panel:
    """Everything the draft column shows, in one query."""
    citations = list(draft.citations.select_related("passage__version"))
    return Panel(
        draft=draft,
        blocks=_blocks(draft, citations),
        cards=[_card(number, group) for number, group in _by_number(citations)],
        text=plain_text(draft) if draft.sentences else "",
        opened=signing.dumps(timezone.now().timestamp(), salt=f"draft-{draft.pk}"),
    )


def seconds_open(draft: Draft, opened: str) -> float:
    """How long ago `opened` (from a form) was made; 0 when it is not ours."""
    try:
        return max(timezone.now().timestamp() - float(signing.loads(opened, salt=f"draft-{draft.pk}")), 0.0)
    except (signing.BadSignature, ValueError, TypeError):
        return 0.0


def _blocks(draft: Draft, citations: Sequence[Citation]) -> list[Block]:
    numbered = enumerate(draft.sentences)
    return [
        Block(key[1] or "p", [_spoken(index, sentence, citations) for index, sentence in group])
        for key, group in groupby(numbered, key=lambda pair: (pair[1].get("block", 0), pair[1].get("list", "")))
    ]


def _spoken(index: int, sentence: dict[str, Any], citations: Sequence[Citation]) -> Spoken:
    cites = [
        Cite(citation.number, _url(citation), citation.passage.version.title)
        for citation in citations
        if citation.sentence == index
    ]
    return Spoken(index, sentence["text"], sentence["kind"], sentence["verdict"], cites)


def _url(citation: Citation) -> str:
    """The article, in the version that was checked, with the quoted words lit."""
    passage = citation.passage
    page = reverse("article_version", args=[passage.version.article_id, passage.version.number])
    return f"{page}?p={passage.position}&from={citation.start}&to={citation.end}#p{passage.position}"


def _by_number(citations: Sequence[Citation]) -> Iterator[tuple[int, list[Citation]]]:
    ordered = sorted(citations, key=lambda citation: (citation.number, citation.start))
    for number, group in groupby(ordered, key=lambda citation: citation.number):
        yield number, list(group)


def _card(number: int, citations: list[Citation]) -> Card:
    passage = citations[0].passage
    start, end = _window(passage.text, min(c.start for c in citations), max(c.end for c in citations))
    return Card(
        number=number,
        passage=passage,
        version=passage.version,
        url=_url(citations[0]),
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
    """Cut `text` wherever a quotation begins or ends; quotations may overlap."""
    inside = {edge for citation in citations for edge in (citation.start, citation.end) if start < edge < end}
    edges = sorted({start, end, *inside})
    return [_part(text, citations, left, right) for left, right in pairwise(edges)]


def _part(text: str, citations: Sequence[Citation], left: int, right: int) -> Part:
    here = {c.sentence for c in citations if c.start <= left and right <= c.end}
    return Part(text[left:right], " ".join(str(index) for index in sorted(here)))
