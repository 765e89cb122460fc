"""Translated sentences of a draft beside the words that they translate, as the draft column shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tickets.models import Citation, Confirmation, Draft


@dataclass(frozen=True)
class Original:
    """The words of a passage that a sentence translates."""

    number: int
    text: str
    language: str


@dataclass(frozen=True)
class Pair:
    """A translated sentence, what it translates, and who has compared the two."""

    index: int
    text: str
    originals: Sequence[Original]
    confirmed: bool
    by: str


def build(draft: Draft, citations: Sequence[Citation]) -> list[Pair]:
    """The draft's translations in order; one query, and none for a draft without any."""
    translated = [(n, sentence) for n, sentence in enumerate(draft.sentences) if sentence.get("translated")]
    if not translated:
        return []
    confirmed = {row.sentence: row for row in draft.confirmations.select_related("user")}
    return [
        Pair(n, sentence["text"], _originals(n, citations), n in confirmed, _name(confirmed.get(n)))
        for n, sentence in translated
    ]


def heading(pairs: Sequence[Pair]) -> str:
    """How many translations still need a person, or that none does."""
    left = sum(not pair.confirmed for pair in pairs)
    if not left:
        return _("Translations, confirmed")
    return ngettext("%d translation to confirm", "%d translations to confirm", left) % left


def _originals(index: int, citations: Sequence[Citation]) -> list[Original]:
    return [
        Original(citation.number, citation.passage.text[citation.start : citation.end], citation.passage.language)
        for citation in citations
        if citation.sentence == index
    ]


def _name(confirmation: Confirmation | None) -> str:
    """Who confirmed it; nobody, or somebody who has left."""
    if confirmation is None:
        return ""
    return confirmation.user.display_name if confirmation.user else _("A colleague")
