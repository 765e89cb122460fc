"""Does a sentence say in one language what a passage says in another? Asked of a model's sentences only.

Invariant: the verdict is "weak" at best, and a person confirms it. What can be compared must agree with one single
sentence of the passage: numbers, money, units of time, dates, addresses, negation, names. That the two mean the same
rests on the embedder's cosine alone, which does not see who does what to whom.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from copilot.drafting.memory import memory_of
from copilot.drafting.signs import ADDRESS, found, within
from copilot.drafting.types import Citation, Evidence, Sentence
from copilot.drafting.units import units
from copilot.inference.embedder import Embedder, Vectors
from copilot.language.conditions import clauses
from copilot.language.limits import limits, turned
from copilot.language.unchanged import is_date, named, numbers
from copilot.language.words import fold
from copilot.privacy import redact

# `ne … que` means only, and `n’importe` any; another `ne` negates.
_NEGATION = re.compile(
    r"\b(?:not?|never|cannot|without|none|nothing|neither|nor|unable|impossible|"
    r"pas|jamais|aucune?|sans|ni|non|rien)\b|\w+n['’]t\b|\bn(?:e\b|['’](?!importe))(?!.*\bqu(?:e\b|['’]))",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
# A capital here is the sentence's or the title's, not a name's.
_OPENS = re.compile(r"(?:^|[.!?:…»«“”\"(\[→>*|-])\s*$")


def verify_translation(sentence: Sentence, evidence: Mapping[int, Evidence], embedder: Embedder) -> Sentence:
    """Weak, with its citations narrowed to the very sentences that it translates; or unsupported."""
    said = embedder.embed([redact(sentence.text)])[0]
    narrowed = [
        kept
        for citation in sentence.citations
        if (kept := _translates(sentence.text, said, citation, evidence[citation.evidence], embedder))
    ]
    if not narrowed:
        return replace(sentence, verdict="unsupported")
    return replace(sentence, verdict="weak", translated=True, citations=tuple(narrowed))


def _translates(text: str, said: Vectors, citation: Citation, passage: Evidence, embedder: Embedder) -> Citation | None:
    """The citation narrowed to the nearest unit with which the text agrees; None when none is near."""
    cited = [unit for unit in units([passage]) if citation.start <= unit.start and unit.end <= citation.end]
    alike = [unit for unit in cited if agrees(text, unit.text)]
    if not alike:
        return None
    nearness = memory_of(embedder).of([unit.text for unit in alike]) @ said
    best = int(nearness.argmax())
    unit, least = alike[best], embedder.calibration.translation_nearness
    return replace(citation, start=unit.start, end=unit.end) if nearness[best] >= least else None


def agrees(text: str, original: str) -> bool:
    """Whether nothing that can be compared across languages tells them apart.

    No number may be left out either: from "5 to 10 days", "5 days" is another promise.
    """
    return (
        numbers(text) == numbers(original)
        and named(text) <= named(original)
        and within(ADDRESS, text, original)
        and bool(_NEGATION.search(text)) == bool(_NEGATION.search(original))
        and not _limits_differ(text, original)
        and _names(text) <= _words(original)
        and _names(original) <= _words(text)
    )


def _limits_differ(text: str, original: str) -> bool:
    """Whether a limit is turned around, lost or added: "au moins" is no translation of "at most"."""
    said, held = (Counter({limit.name for limit in limits(each)}) for each in (text, original))
    apart = {name for name in ("least", "only") if (name in said) != (name in held)}
    return turned(said, held) is not None or bool(apart) or _conditions(text) != _conditions(original)


def _conditions(text: str) -> bool:
    return any(clause.strict for clause in clauses(text))


def _names(text: str) -> set[str]:
    """Words with a capital or a digit inside a sentence: products, error codes, labels."""
    return {
        fold(word[0])
        for word in _WORD.finditer(text)
        if len(word[0]) > 1 and not word[0].islower() and not word[0].isdigit() and not is_date(word[0])
        if not _OPENS.search(text[: word.start()])
    }


def _words(text: str) -> set[str]:
    return {fold(word) for word in found(_WORD, text)}
