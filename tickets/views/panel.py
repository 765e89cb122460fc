"""A draft as the right column shows it: the reply's sentences, what they stand on, how far they can be trusted.

Invariant: nothing is judged here; a verdict is the verifier's, or a person's who confirmed a translation.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tickets.models import Citation, Draft
from tickets.rendering import plain_text, quote_marks
from tickets.views import cards, pairs
from tickets.views.cards import Card, citation_url, foreign
from tickets.views.pairs import Pair

_Numbered = list[tuple[int, dict[str, Any]]]  # sentences with their places in the reply


@dataclass(frozen=True)
class Cite:
    """A citation number and where it leads."""

    number: int
    url: str
    title: str
    foreign: str


@dataclass(frozen=True)
class Spoken:
    """One sentence of the reply. `language` and the marks around it are those of a quotation in another language."""

    index: int
    text: str
    kind: str
    verdict: str
    cites: Sequence[Cite]
    language: str
    marks: tuple[str, str]


@dataclass(frozen=True)
class Block:
    """A paragraph or a list of the reply."""

    tag: str
    sentences: Sequence[Spoken]


@dataclass(frozen=True)
class Panel:
    """The draft column."""

    draft: Draft
    blocks: Sequence[Block]
    cards: Sequence[Card]
    pairs: Sequence[Pair]
    text: str
    opened: str

    @property
    def foreign(self) -> str:
        """The other language in which evidence was found, if any was."""
        return next((card.foreign for card in self.cards if card.foreign), "")

    @property
    def is_outdated(self) -> bool:
        """Whether an article has changed, or gone, since the draft was checked against it."""
        return any(not card.passage.current for card in self.cards)

    @property
    def heading(self) -> str:
        """What stands above the translations."""
        return pairs.heading(self.pairs)

    @property
    def tone(self) -> str:
        """How far the reply can be trusted at a glance."""
        verdicts = {said.verdict for said in self._facts}
        return "bad" if "unsupported" in verdicts else "warn" if "weak" in verdicts else "good"

    @property
    def _facts(self) -> list[Spoken]:
        return [said for block in self.blocks for said in block.sentences if said.kind == "fact"]

    @property
    def pill(self) -> str:
        """`3 of 5 facts checked · 1 confirmed · 1 weak`."""
        verdicts = [said.verdict for said in self._facts]
        if not verdicts:
            return _("states no facts")
        checked, sure, weak, bare = map(verdicts.count, ("supported", "confirmed", "weak", "unsupported"))
        parts = [
            ngettext(
                "%(checked)d of %(facts)d fact checked",
                "%(checked)d of %(facts)d facts checked",
                len(verdicts),
            )
            % {"checked": checked, "facts": len(verdicts)}
        ]
        parts += [ngettext("%d confirmed", "%d confirmed", sure) % sure] if sure else []
        parts += [ngettext("%d weak", "%d weak", weak) % weak] if weak else []
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


def build(draft: Draft) -> Panel:
    """Everything the draft column shows, in one query, or two when it has translations."""
    citations = list(draft.citations.select_related("passage__version"))
    translated = pairs.build(draft, citations)
    return Panel(
        draft=draft,
        blocks=_blocks(draft, citations, {pair.index for pair in translated if pair.confirmed}),
        cards=cards.build(draft, citations),
        pairs=translated,
        text=plain_text(draft) if draft.sentences else "",
        opened=signing.dumps(timezone.now().timestamp(), salt=f"draft-{draft.pk}"),
    )


def seconds_open(draft: Draft, opened: str) -> float:
    """How long ago `opened` (from a form) was made; 0 when it is not ours."""
    try:
        return max(timezone.now().timestamp() - float(signing.loads(opened, salt=f"draft-{draft.pk}")), 0.0)
    except (signing.BadSignature, ValueError, TypeError):
        return 0.0


def _blocks(draft: Draft, citations: Sequence[Citation], confirmed: Collection[int]) -> list[Block]:
    numbered = enumerate(draft.sentences)
    return [
        Block(key[1] or "p", _spoken(draft, key[1], list(group), citations, confirmed))
        for key, group in groupby(numbered, key=lambda pair: (pair[1].get("block", 0), pair[1].get("list", "")))
    ]


def _spoken(
    draft: Draft, listing: str, group: _Numbered, citations: Sequence[Citation], confirmed: Collection[int]
) -> list[Spoken]:
    """The sentences of one block. What a person has confirmed is no longer weak."""
    marks = quote_marks([sentence for _, sentence in group], listing, draft.spoken)
    return [
        Spoken(
            index, sentence["text"], sentence["kind"], "confirmed" if index in confirmed else sentence["verdict"],
            _cites(draft, index, citations), sentence.get("lang", ""), around,
        )
        for (index, sentence), around in zip(group, marks, strict=True)
    ]  # fmt: skip


def _cites(draft: Draft, index: int, citations: Sequence[Citation]) -> list[Cite]:
    return [
        Cite(citation.number, citation_url(citation), citation.passage.version.title, foreign(draft, citation))
        for citation in citations
        if citation.sentence == index
    ]
