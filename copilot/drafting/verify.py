"""Is a sentence carried by the passage it cites? The same check for every writer.

Invariant: the verdict depends on the sentence and the cited text alone: no model is asked, so the same draft always
gets the same verdict. One single sentence of the passage must carry it, or each of its full clauses one: each half of
a merged claim may be true, and the whole false.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from copilot.drafting.alignment import align
from copilot.drafting.comparable import comparable, published_comparable
from copilot.drafting.instructions import is_instruction_to_a_model, usable_units
from copilot.drafting.objections import Pair, objections
from copilot.drafting.signs import plain, quotes
from copilot.drafting.types import Citation, Evidence, Sentence, Verdict
from copilot.drafting.units import Unit
from copilot.drafting.weighing import SUPPORTED, WEAK, weight
from copilot.language.words import stems

CARRIED: tuple[Verdict, ...] = ("supported", "weak")
_ORDER: tuple[Verdict, ...] = (*CARRIED, "unsupported")
# Units that share most words with a sentence; the others cannot carry it.
_NEAREST = 5
# What is objected to by the nearest unit is not rescued by one that says less of it.
_AS_NEAR = 0.02
_POINTS_BACK = re.compile(
    r"\b(?:it|they|them|their|its|this|that|those|these|il|elle|ils|elles|leurs?|celui\w*|celles?|ceux\w*|cela)\b",
    re.IGNORECASE,
)
# "P, and Q" is true when P and Q are.
_JOINT = re.compile(r"\s*;\s+|,?\s+(?:and|et)\s+")


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, how sure it is (for choosing among units), and the unit on which it rests."""

    verdict: Verdict
    weight: float
    unit: Unit | None = None

    @property
    def rank(self) -> tuple[int, float]:
        """Lower is better."""
        return _ORDER.index(self.verdict), -self.weight


_NOTHING = Judged("unsupported", 0.0)


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
    inside = [unit for unit in _units(passage) if citation.start <= unit.start and unit.end <= citation.end]
    judged = judge(text, inside, passage)
    if judged.unit is None or judged.verdict == "unsupported":
        return "unsupported", citation
    start = judged.unit.text.find(text)
    if start >= 0:
        start += judged.unit.start
        return judged.verdict, replace(citation, start=start, end=start + len(text))
    return judged.verdict, replace(citation, start=judged.unit.start, end=judged.unit.end)


def judge(text: str, inside: Sequence[Unit], passage: Evidence) -> Judged:
    """The verdict on `text` by those units of the passage, the best of all that can be given."""
    same = next((unit for unit in inside if plain(unit.text) == plain(text)), None)
    if same is not None and plain(text):
        return Judged("supported", 1.0, same)
    is_claim = not text.rstrip().endswith("?") and not is_instruction_to_a_model(text)
    if not is_claim or not stems(text, passage.language):
        return _NOTHING
    whole = _best(text, inside, passage)
    return whole if whole.verdict == "supported" else min(whole, _by_clauses(text, inside, passage), key=_rank)


def _rank(judged: Judged) -> tuple[int, float]:
    return judged.rank


def _best(text: str, inside: Sequence[Unit], passage: Evidence) -> Judged:
    """The verdict of the unit that carries the text best."""
    likely = sorted(inside, key=lambda unit: -containment(text, unit.text, passage.language))[:_NEAREST]
    pairs = [pair_of(text, unit, passage) for unit in likely]
    near = [weight(pair) + containment(text, pair.carrier, passage.language) for pair in pairs]
    enough = max(near, default=0.0) - _AS_NEAR
    judged = (_judge(pair, unit) for pair, unit, each in zip(pairs, likely, near, strict=True) if each >= enough)
    return min(judged, key=_rank, default=_NOTHING)


def _judge(pair: Pair, unit: Unit) -> Judged:
    sure = weight(pair)
    severe = [strict for _, strict in objections(pair)]
    if any(severe):
        return Judged("unsupported", sure, unit)
    sure = 1.0 if quotes(pair.original, unit.text) else sure
    verdict: Verdict = "supported" if sure >= SUPPORTED and not severe else "weak" if sure >= WEAK else "unsupported"
    return Judged(verdict, sure, unit)


def pair_of(text: str, unit: Unit, passage: Evidence) -> Pair:
    """The text and one unit of the passage, ready to be compared."""
    said, held = comparable(text, passage.language), published_comparable(unit.text, passage.language)
    titles = f"{passage.title} {passage.heading}"
    known = published_comparable(titles, passage.language).stems | _before(unit, passage)
    elsewhere = published_comparable(passage.text, passage.language).stems
    return Pair(said, held, align(said, held, known), text, unit.text, titles, elsewhere)


def _before(unit: Unit, passage: Evidence) -> frozenset[str]:
    """The stems of the sentence before one that points back to it."""
    if not _POINTS_BACK.search(unit.text):
        return frozenset()
    earlier = [other for other in _units(passage) if other.end <= unit.start]
    return published_comparable(earlier[-1].text, passage.language).stems if earlier else frozenset()


def _by_clauses(text: str, inside: Sequence[Unit], passage: Evidence) -> Judged:
    """The worst verdict of two full clauses, each carried by a unit of its own."""
    found = _NOTHING
    for match in _JOINT.finditer(text):
        halves = [_best(half, inside, passage) for half in (text[: match.start()], text[match.end() :])]
        texts = (text[: match.start()], text[match.end() :])
        if all(
            judged.unit and _names_subject(half, judged.unit, passage)
            for half, judged in zip(texts, halves, strict=True)
        ):
            found = min(found, max(halves, key=_rank), key=_rank)
    return found


def _names_subject(clause: str, unit: Unit, passage: Evidence) -> bool:
    """Whether the clause says what the unit is about: its first word that means something, in its own first half."""
    held = [word for word in published_comparable(unit.text, passage.language).words if not word.is_number]
    said = [word.stem for word in comparable(clause, passage.language).words]
    return bool(held) and held[0].stem in said[: max(2, (len(said) + 1) // 2)]


@lru_cache(maxsize=256)
def _units(passage: Evidence) -> tuple[Unit, ...]:
    return tuple(usable_units(passage))


@lru_cache(maxsize=4096)
def _held(passage: str, language: str) -> frozenset[str]:
    return frozenset(stems(passage, language))


def forget() -> None:
    """Let go of what was remembered of passages: after a check against words that nobody has published."""
    for remembered in (published_comparable, _units, _held):
        remembered.cache_clear()


def containment(text: str, passage: str, language: str) -> float:
    """The share of the text's stems that the passage holds; 0 for a text without content words."""
    said = stems(text, language)
    held = _held(passage, language)
    return sum(stem in held for stem in said) / len(said) if said else 0.0
