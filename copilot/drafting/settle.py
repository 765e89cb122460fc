"""A model's sentences one by one: courtesies told from claims, claims checked, citations repaired, the rest replaced.

Invariant: what is kept as a fact was checked against the passage that it cites; what failed is replaced by words of
the passage that it named, or dropped, and is never shown.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from copilot.drafting.check import check
from copilot.drafting.claims import kind_of
from copilot.drafting.instructions import is_instruction_to_a_model, usable_units
from copilot.drafting.leads import foreign
from copilot.drafting.repair import repair
from copilot.drafting.signs import plain
from copilot.drafting.types import Citation, Evidence, Request, Sentence
from copilot.drafting.units import Unit
from copilot.drafting.verify import CARRIED, containment, verify
from copilot.inference.embedder import Embedder

# The frame greets and closes; of a model's courtesies only these are kept.
_KEPT_KINDS = ("question", "acknowledge")
_MOST_COURTESIES = 2
# A quotation stands in for a sentence that shares at least this much with it.
_NEAR_ENOUGH = 0.3


@dataclass(slots=True)
class Settled:
    """What is left of a model's text, and how much of it had to go."""

    sentences: list[Sentence] = field(default_factory=list)
    claims: int = 0
    carried: int = 0
    repaired: int = 0
    repeated: int = 0


def settle(
    written: Iterable[Sentence],
    request: Request,
    evidence: Mapping[int, Evidence],
    shown: Mapping[int, int],
    embedder: Embedder,
    told: Callable[[list[Sentence]], None],
) -> Settled:
    """Check every sentence; `told` hears what is kept after each one. `shown`: passages' numbers by their ids."""
    result, seen, failed = Settled(), set[str](), list[tuple[int, Sentence]]()
    for sentence in written:
        key = plain(sentence.text).casefold()
        if key in seen:
            result.repeated += 1
            continue
        seen.add(key)
        _one(sentence, request, evidence, shown, embedder, result, failed)
        told(result.sentences)
    _quote_instead(failed, request, evidence, result)
    told(result.sentences)
    return result


def _one(
    sentence: Sentence,
    request: Request,
    evidence: Mapping[int, Evidence],
    shown: Mapping[int, int],
    embedder: Embedder,
    result: Settled,
    failed: list[tuple[int, Sentence]],
) -> None:
    kind = kind_of(sentence.text)
    if kind != "fact":
        _courtesy(replace(sentence, kind=kind, citations=()), result)
        return
    result.claims += 1
    checked = check(sentence, evidence, request.language, embedder)
    if checked.verdict not in CARRIED or checked.translated:
        checked = repair(sentence, _own(evidence, request.language), shown) or checked
    if checked.verdict in CARRIED:
        result.carried += 1
        result.repaired += checked.repaired
        result.sentences.append(checked)
    else:
        failed.append((len(result.sentences), sentence))


def _courtesy(sentence: Sentence, result: Settled) -> None:
    """Keep a few questions and words of regret; no instruction, wherever the model has it from."""
    kept = sum(other.kind != "fact" for other in result.sentences)
    if sentence.kind in _KEPT_KINDS and kept < _MOST_COURTESIES and not is_instruction_to_a_model(sentence.text):
        result.sentences.append(sentence)


def _own(evidence: Mapping[int, Evidence], language: str) -> dict[int, Evidence]:
    """Words decide only within one language; the others keep their places, so that numbers stay right."""
    return {
        key: passage if passage.language == language else replace(passage, text="") for key, passage in evidence.items()
    }


def _quote_instead(
    failed: list[tuple[int, Sentence]], request: Request, evidence: Mapping[int, Evidence], result: Settled
) -> None:
    """Put a quotation where a failed sentence stood, last first so that the places stay right."""
    for place, sentence in reversed(failed):
        quoted = _nearest(sentence, request, evidence)
        if quoted is not None and not any(_overlap(quoted, other) for other in result.sentences):
            result.sentences.insert(place, quoted)


def _nearest(sentence: Sentence, request: Request, evidence: Mapping[int, Evidence]) -> Sentence | None:
    """The unit of a passage that the sentence named which shares most words with it, quoted; None when none does."""
    found = [
        (containment(sentence.text, unit.text, evidence[citation.evidence].language), citation, unit)
        for citation in sentence.citations
        if citation.evidence in evidence
        for unit in usable_units(evidence[citation.evidence])
        if unit.shape in ("sentence", "ul") and unit.says_something and not unit.leans
    ]
    share, citation, unit = max(found, key=lambda one: one[0], default=(0.0, None, None))
    if citation is None or unit is None or share < _NEAR_ENOUGH:
        return None
    return _quotation(citation, unit, request, evidence)


def _quotation(citation: Citation, unit: Unit, request: Request, evidence: Mapping[int, Evidence]) -> Sentence:
    passage = evidence[citation.evidence]
    cited = replace(citation, start=unit.start, end=unit.end)
    return verify(Sentence(unit.text, "fact", 2, citations=(cited,), language=foreign(request, passage)), evidence)


def _overlap(one: Sentence, other: Sentence) -> bool:
    return any(
        a.evidence == b.evidence and a.start < b.end and b.start < a.end for a in one.citations for b in other.citations
    )
