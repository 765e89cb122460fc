"""Is a sentence carried by the passage it cites? The same check for every writer.

Invariant: the verdict depends only on the sentence, the cited text and the requester's own words: no model is
asked, so the same draft always gets the same verdict.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace

from copilot.drafting.types import Citation, Evidence, Sentence, Verdict
from copilot.language.words import stems

SUPPORTED, WEAK = 0.8, 0.6
_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?")
_ADDRESS = re.compile(r"https?://\S+|[\w.+-]+@[\w-]+\.\w+|`[^`]+`|/[\w/.-]{3,}", re.IGNORECASE)
_NEGATION = re.compile(
    r"\b(?:not|no|never|cannot|without|\w+n['’]t|ne|n['’]|pas|jamais|aucune?|sans|ni)(?:\b|(?<=['’]))",
    re.IGNORECASE,
)


def verify(sentence: Sentence, evidence: Mapping[int, Evidence], language: str) -> Sentence:
    """The sentence with its verdict; one that is no fact, or cites nothing that exists, claims nothing or fails."""
    if sentence.kind != "fact":
        return replace(sentence, verdict="none")
    verdicts = [
        _verdict(sentence.text, citation, evidence[citation.evidence], language)
        for citation in sentence.citations
        if citation.evidence in evidence
    ]
    order: tuple[Verdict, ...] = ("supported", "weak")
    return replace(sentence, verdict=next((best for best in order if best in verdicts), "unsupported"))


def _verdict(text: str, citation: Citation, passage: Evidence, language: str) -> Verdict:
    """Word for word is supported; otherwise numbers, addresses and negation must agree, and most words occur."""
    if _plain(text) in _plain(passage.text[citation.start : citation.end]):
        return "supported"
    if not (_within(_NUMBER, text, passage.text) and _within(_ADDRESS, text, passage.text)):
        return "unsupported"
    carried = containment(text, passage.text[citation.start : citation.end], passage.language)
    if bool(_NEGATION.search(text)) != bool(_NEGATION.search(passage.text[citation.start : citation.end])):
        return "unsupported"
    return "supported" if carried >= SUPPORTED else "weak" if carried >= WEAK else "unsupported"


def containment(text: str, passage: str, language: str) -> float:
    """The share of the text's stems that the passage holds; 0 for a text without content words."""
    said = stems(text, language)
    held = set(stems(passage, language))
    return sum(stem in held for stem in said) / len(said) if said else 0.0


def _within(pattern: re.Pattern[str], text: str, passage: str) -> bool:
    return {_plain(found) for found in pattern.findall(text)} <= {_plain(found) for found in pattern.findall(passage)}


def _plain(text: str) -> str:
    """Compared without differences that no reader sees: spaces, quotes' shapes, a final full stop."""
    text = unicodedata.normalize("NFKC", text).replace("’", "'").replace("“", '"').replace("”", '"')
    return " ".join(text.split()).rstrip(".,;")
