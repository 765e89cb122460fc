"""What the ticket asks: the whole of it, and each question or request in it.

Invariant: the texts are parts of the redacted ticket, so what was masked stays masked; there is always at least one
need, and the vectors stand in the order of the texts.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from copilot.drafting.types import Request
from copilot.inference.embedder import Embedder, Vectors
from copilot.language.story import story
from copilot.language.words import stems
from copilot.privacy.text import Redacted, joined

MAX_NEEDS = 5
# A question of fewer words that mean something says too little without the sentence before it.
_FEW = 3
_ASKS = re.compile(
    r"\?|^(?:how|what|why|where|which|can (?:i|you|we)|could|"
    r"comment|pourquoi|où|quel\w*|combien|est-ce|puis-je|peut-on|pouvez-vous|existe-t-il|faut-il)\b|"
    r"\b(?:how (?:to|do|can|long|much|many)|is there|i['’]?(?:d| would)? (?:want|need|wish|like) to|i want|i need|"
    r"i['’]d (?:like|love)|we(?:['’]d| would)? (?:like|need|want|wish)|please (?!find|see|note)|unable to|"
    r"i (?:cannot|can['’]t)|trying to|looking for|wondering|"
    r"je (?:veux|voudrais|souhait\w*|n['’]arrive|cherche|ne (?:peux|parviens|trouve|sais))|j['’]aimerais|"
    r"nous (?:voudrions|souhait\w*|aimerions)|impossible de|merci de (?:me|nous)|pourriez-vous|comment faire)\b",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"\b(?:it|this|that|these|those|they|them|there|one|so|ça|cela|ceci|celui-ci|celle-ci|ils?|elles?|y)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that is asked. `text` is as the customer wrote it; `vector` has unit length, shape (384,)."""

    text: Redacted
    vector: Vectors


@dataclass(frozen=True, slots=True)
class Needs:
    """`whole` and `subject` are the ticket's; `needs` are what it asks, one or more, in its order."""

    whole: Need
    subject: Need
    needs: tuple[Need, ...]
    language: str

    @property
    def questions(self) -> Vectors:
        """The subject and the needs, shape (1 + needs, 384)."""
        return np.stack([self.subject.vector, *(need.vector for need in self.needs)])


def needs(request: Request, embedder: Embedder) -> Needs:
    """Read the ticket and embed what it asks, in one call."""
    language = request.asked_in or request.language
    told = story(request.body.text, language)
    asked = [joined(map(request.body.excerpt, group), " ") for group in questions(told, language)]
    if request.hint and request.hint.text:
        asked.append(request.hint)
    whole = joined([request.subject, *map(request.body.excerpt, told), *([request.hint] if request.hint else [])])
    subject = request.subject if request.subject.text.strip() else whole
    texts = [whole, subject, *(asked or [whole])]
    read = [Need(text, vector) for text, vector in zip(texts, embedder.embed(texts), strict=True)]
    return Needs(read[0], read[1], tuple(read[2:]), language)


def questions(told: Sequence[str], language: str) -> list[tuple[str, ...]]:
    """The sentences that ask, each with the one before it where it says too little alone; at most MAX_NEEDS."""
    asking = [index for index, sentence in enumerate(told) if _ASKS.search(sentence)]
    asking.sort(key=lambda index: "?" not in told[index])  # what has a question mark surely asks
    return [_with_context(told, index, language) for index in sorted(asking[:MAX_NEEDS])]


def _with_context(told: Sequence[str], index: int, language: str) -> tuple[str, ...]:
    asks = told[index]
    says_little = len(set(stems(asks, language))) < _FEW or (_LEANS.search(asks) and len(asks.split()) < 12)
    return (told[index - 1], asks) if index and says_little else (asks,)
