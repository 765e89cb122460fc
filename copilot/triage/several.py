"""A ticket that asks for two things: the intents of its sentences beside that of the whole.

Invariant: the whole ticket's intent stays the first; another is named only where a sentence of its own speaks for it,
in scope and surely.
"""

from dataclasses import dataclass

from copilot.inference.embedder import Embedder
from copilot.language.sentences import sentences
from copilot.privacy.text import Redacted
from copilot.triage.classifier import Classifier

SENTENCES = 12  # of a longer ticket the first ones: what is asked is asked early
SHORTEST = 4  # words; "Hello there." has no intent of its own
# On pairs of Banking77 dev questions, each pair one ticket: both intents found for 74 %, and a wrong one added to 21 %;
# to single questions a wrong one is added in 3 %.
SURE = 0.8
MOST = 3


@dataclass(frozen=True, slots=True)
class Other:
    """Another intent, its probability in the sentence that speaks for it most, and that sentence."""

    intent: str
    confidence: float
    sentence: str


def others(classifier: Classifier, embedder: Embedder, text: Redacted, main: str, language: str) -> tuple[Other, ...]:
    """The MOST likeliest further intents of `text`, whose own is `main`; none for a text of one sentence."""
    parts = [part for part in sentences(text.text, language if language in ("en", "fr") else "en") if _speaks(part)]
    if len(parts) < 2:
        return ()
    said = [text.excerpt(part) for part in parts[:SENTENCES]]
    best: dict[str, Other] = {}
    for part, one in zip(said, classifier.predict(embedder.embed(said), said), strict=True):
        if one.in_scope and one.confidence >= SURE and one.intent != main:
            other = Other(one.intent, one.confidence, part.text)
            best[one.intent] = max(best.get(one.intent, other), other, key=lambda found: found.confidence)
    return tuple(sorted(best.values(), key=lambda found: -found.confidence)[:MOST])


def _speaks(part: str) -> bool:
    return len(part.split()) >= SHORTEST
