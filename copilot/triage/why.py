"""Why a ticket has its intent: the words without which it would have it less.

Invariant: what is shown was measured on this very ticket and model: each word is left out in turn, and the intent's
log-odds are asked again (occlusion; Zeiler and Fergus 2014). No word that speaks for another intent is shown.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from copilot.inference.embedder import Embedder
from copilot.privacy.text import PLACEHOLDER, Redacted, joined
from copilot.triage.classifier import Classifier, energy

WORDS = 60  # of a longer ticket the first ones: each costs an embedding
SHOWN = 6
LEAST = 0.1  # of the most telling word; less is filling words and the noise of int8 arithmetic
_WORD = re.compile(rf"{PLACEHOLDER.pattern}|[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Word:
    """Characters `start` to `end` of the text, and by how much the intent's log-odds fall without them."""

    start: int
    end: int
    text: str
    weight: float


def telling_words(
    classifier: Classifier, embedder: Embedder, text: Redacted, intents: Collection[str]
) -> tuple[Word, ...]:
    """The SHOWN words that speak most for any of `intents`, in the order of the text; none where nothing does, or the
    classifier knows none of the intents, or no other.
    """
    found = [match for match in _WORD.finditer(text.text) if not PLACEHOLDER.fullmatch(match.group())][:WORDS]
    ours = np.array([label in intents for label in classifier.labels])
    if ours.all() or not ours.any() or not found:
        return ()
    variants = [text, *(_without(text, match) for match in found)]
    logits = classifier.logits(embedder.embed(variants), variants) / classifier.temperature
    odds = energy(logits[:, ours]) - energy(logits[:, ~ours])
    falls = odds[0] - odds[1:]
    best = [i for i in np.argsort(-falls, kind="stable")[:SHOWN] if falls[i] > 0 and falls[i] >= LEAST * falls.max()]
    return tuple(Word(found[i].start(), found[i].end(), found[i].group(), float(falls[i])) for i in sorted(best))


def _without(text: Redacted, match: re.Match[str]) -> Redacted:
    """The text with one word left out: two excerpts of it."""
    before, after = text.text[: match.start()], text.text[match.end() :]
    return joined([text.excerpt(before), text.excerpt(after)], " ")
