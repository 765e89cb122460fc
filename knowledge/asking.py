"""A colleague's question to the knowledge base: a cited answer made of passages, and what else was found.

Invariant: the answer is quoted from public passages and checked like a draft's, so it may go into a reply; what else
was found may be internal, and says so. Nothing is generated: a page may ask for it, in the time of a page.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from copilot.drafting.reading import Reader
from copilot.drafting.types import Evidence, Request, Sentence
from copilot.inference.embedder import Embedder
from copilot.inference.reranker import Reranker
from copilot.language.detect import detect
from copilot.language.words import content_words
from copilot.privacy import Redacted, joined, published
from knowledge.answer import answer
from knowledge.scope import EVERY_LANGUAGE
from knowledge.search import search
from knowledge.types import Hit

# A question of fewer words than this, or one that begins so, is read with the one before it.
FEW = 3
_GOES_ON = re.compile(
    r"^\W*(?:and|but|so|what about|how about|what if|et|mais|alors|et si|qu'en est-il)\b|\b(?:it|they|them|that|this|"
    r"those|these|il|elle|ils|elles|cela|ça|celui-ci|celle-ci)\b", re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answered:
    """`sentences` that state facts, each with citations into `evidence`; none for an abstention, with its `reason`."""

    language: str
    sentences: Sequence[Sentence]
    evidence: Sequence[Evidence]
    found: Sequence[Hit]
    reason: str


def ask(
    question: Redacted, *, embedder: Embedder, reader: Reader | None = None, before: Redacted | None = None, k: int = 8,
    reranker: Reranker | None = None,
) -> Answered:  # fmt: skip
    """Answer `question`; `before` is the one that was asked before it, read with it when it seems to go on.

    What else was found is ranked again by `reranker`.
    """
    language = str(detect(question.text))
    context = before if before is not None and goes_on(question.text, language) else None
    request = Request(context or published(""), question, language)
    written = answer(request, embedder=embedder, reader=reader)
    whole = question if context is None else _both(context, question)
    found = search(
        whole, embedder=embedder, languages=EVERY_LANGUAGE, audience="agent", k=k, asker=language, reranker=reranker
    )
    facts = [sentence for sentence in written.draft.sentences if sentence.citations]
    return Answered(language, facts, written.evidence, found, written.draft.reason if not facts else "")


def goes_on(question: str, language: str) -> bool:
    """Whether the question says too little alone."""
    return len(content_words(question, language)) < FEW or _GOES_ON.search(question) is not None


def _both(before: Redacted, question: Redacted) -> Redacted:
    return joined([before, question])
