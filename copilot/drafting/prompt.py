"""The prompt for a generator, and what it wrote read back leniently."""

import re
from collections.abc import Mapping, Sequence

from copilot.drafting.types import Citation, Evidence, Request, Sentence
from copilot.language.sentences import sentences
from copilot.privacy.text import Redacted, joined, published

MAX_EVIDENCE = 5
_INSTRUCTIONS = {
    "en": "Reply to the customer using only the numbered facts. End every sentence with the number of its fact, "
    "like [1]. If the facts do not answer, say so.",
    "fr": "Répondez au client à l’aide des seuls faits numérotés. Terminez chaque phrase par le numéro de son fait, "
    "comme [1]. Si les faits ne répondent pas, dites-le.",
}
_TRANSLATE = {
    "en": "Some facts are in French: always reply in English, and keep every number and name as it is.",
    "fr": "Des faits sont en anglais : répondez toujours en français, sans changer aucun nombre ni aucun nom.",
}
_MARKS = r"[\[(]\s*\d[\d,; ]*[\])]"
_AFTER_STOP = re.compile(rf"([.!?])\s*({_MARKS}(?:\s*{_MARKS})*)\s*")
_MARK = re.compile(r"\s*[\[(]\s*(\d{1,2}(?:\s*[,;]\s*\d{1,2})*)\s*[\])]")


def prompt(request: Request, evidence: Sequence[Evidence]) -> Redacted:
    """Instructions, numbered evidence, the ticket; the part that never changes comes first."""
    shown = evidence[:MAX_EVIDENCE]
    facts = "\n".join(f"[{number}] {passage.text}" for number, passage in enumerate(shown, 1))
    asked = [_INSTRUCTIONS[request.language]]
    if any(passage.language != request.language for passage in shown):
        asked.append(_TRANSLATE[request.language])
    return joined([published(" ".join(asked)), published(facts), request.text], "\n\n")


def parse(text: str, evidence: Sequence[Evidence], language: str) -> list[Sentence]:
    """The generated sentences as facts with the citations they name; marks may follow the full stop."""
    by_number = dict(enumerate(evidence[:MAX_EVIDENCE], 1))
    # "Fact. [1] Next" belongs to the sentence before the mark.
    glued = _AFTER_STOP.sub(r" \2\1 ", text)
    return [
        Sentence(_MARK.sub("", sentence).strip(), "fact", 2, citations=_citations(sentence, by_number))
        for sentence in sentences(glued, language)
        if _MARK.sub("", sentence).strip(" .!?")
    ]


def _citations(sentence: str, by_number: Mapping[int, Evidence]) -> tuple[Citation, ...]:
    named = [int(number) for mark in _MARK.findall(sentence) for number in re.split(r"\s*[,;]\s*", mark)]
    return tuple(
        Citation(by_number[number].id, number, 0, len(by_number[number].text), 1.0)
        for number in dict.fromkeys(named)
        if number in by_number
    )
