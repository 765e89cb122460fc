"""What the ticket asks, as vectors: the whole, and each question or request in it."""

import re
from dataclasses import dataclass

import numpy as np

from copilot.drafting.types import Request
from copilot.inference.embedder import Embedder, Vectors
from copilot.language.sentences import sentences

MAX_QUESTIONS = 6
_ASKS = re.compile(
    r"\?|\b(?:how|what|why|where|when|which|who|can i|could you|is there|is it|do you|i (?:want|need|would like)|"
    r"i['’]d like|please|unable|cannot|can['’]t|doesn['’]t|not work\w*|"
    r"comment|pourquoi|où|quand|quel\w*|combien|est-ce|puis-je|peut-on|pouvez-vous|existe-t-il|faut-il|"
    r"je (?:veux|voudrais|souhaite\w*|n['’]arrive)|j['’]aimerais|impossible|ne (?:fonctionne|marche))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Needs:
    """`whole` has shape (384,); `questions` (n, 384) with n ≥ 1, the subject first."""

    whole: Vectors
    questions: Vectors


def needs(request: Request, embedder: Embedder) -> Needs:
    """Embed the ticket as a whole, its subject, and its sentences that ask for something."""
    asking = [line for line in sentences(request.body.text, request.language) if _ASKS.search(line)]
    subject = request.subject if request.subject.text else request.body
    texts = [request.text, subject, *map(request.body.excerpt, asking[:MAX_QUESTIONS])]
    if request.hint and request.hint.text:
        texts.append(request.hint)
    vectors = embedder.embed(texts)
    return Needs(np.asarray(vectors[0]), vectors[1:])
