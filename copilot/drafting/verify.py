"""Is a sentence carried by the passage it cites? The same check for every writer.

Invariant: the verdict depends only on the sentence, the cited text and the requester's own words: no model is
asked, so the same draft always gets the same verdict.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from copilot.drafting.signs import ADDRESS, NUMBER, quotes, within
from copilot.drafting.types import Citation, Evidence, Sentence, Verdict
from copilot.drafting.units import Unit, units
from copilot.language.words import stems

SUPPORTED, WEAK = 0.8, 0.6
CARRIED: tuple[Verdict, ...] = ("supported", "weak")
_NOTHING: tuple[Verdict, float, Unit | None] = ("unsupported", 0.0, None)
_NEGATION = re.compile(
    r"\b(?:not|no|never|cannot|without|\w+n['’]t|ne|n['’]|pas|jamais|aucune?|sans|ni)(?:\b|(?<=['’]))",
    re.IGNORECASE,
)


def verify(sentence: Sentence, evidence: Mapping[int, Evidence]) -> Sentence:
    """The sentence with its verdict, its citations narrowed to the very words that carry it.

    A sentence that is no fact claims nothing; one that cites nothing that exists is unsupported.
    """
    if sentence.kind != "fact":
        return replace(sentence, verdict="none")
    checked = [
        _check(sentence.text, citation, evidence[citation.evidence])
        for citation in sentence.citations
        if citation.evidence in evidence
    ]
    verdicts = [verdict for verdict, _ in checked]
    best: Verdict = next((verdict for verdict in CARRIED if verdict in verdicts), "unsupported")
    return replace(sentence, verdict=best, citations=tuple(citation for _, citation in checked))


def _check(text: str, citation: Citation, passage: Evidence) -> tuple[Verdict, Citation]:
    """Verdict and narrowed citation. Word for word is supported; else one single unit must carry the sentence.

    Several units together never do: each half of a merged claim may be true, and the whole false.
    """
    cited = passage.text[citation.start : citation.end]
    inside = [unit for unit in units([passage]) if citation.start <= unit.start and unit.end <= citation.end]
    if quotes(text, cited) and not _cuts_off_negation(text, inside):
        start = max(cited.find(text), 0) + citation.start
        return "supported", replace(citation, start=start, end=start + len(text)) if text in cited else citation
    candidates = [
        (_verdict(text, unit, passage.language), containment(text, unit.text, passage.language), unit)
        for unit in inside
    ]
    order = [*CARRIED, "unsupported"]
    verdict, _, unit = min(candidates, key=lambda found: (order.index(found[0]), -found[1]), default=_NOTHING)
    if unit is None or verdict == "unsupported":
        return "unsupported", citation
    return verdict, replace(citation, start=unit.start, end=unit.end)


def _cuts_off_negation(text: str, inside: Sequence[Unit]) -> bool:
    """Whether the words stand only in units that say the opposite: "cancel it" of "You cannot cancel it"."""
    holders = [unit for unit in inside if quotes(text, unit.text)]
    return bool(holders) and not any(_negates(unit.text) == _negates(text) for unit in holders)


def _negates(text: str) -> bool:
    return bool(_NEGATION.search(text))


def _verdict(text: str, unit: Unit, language: str) -> Verdict:
    """Numbers, addresses and negation must agree with the unit, and most of the words occur in it."""
    if not (within(NUMBER, text, unit.text) and within(ADDRESS, text, unit.text)):
        return "unsupported"
    if _negates(text) != _negates(unit.text):
        return "unsupported"
    carried = containment(text, unit.text, language)
    return "supported" if carried >= SUPPORTED else "weak" if carried >= WEAK else "unsupported"


def containment(text: str, passage: str, language: str) -> float:
    """The share of the text's stems that the passage holds; 0 for a text without content words."""
    said = stems(text, language)
    held = set(stems(passage, language))
    return sum(stem in held for stem in said) / len(said) if said else 0.0
