"""Questions of colleagues, asked and remembered.

Invariant: what is kept of a question is redacted.
"""

from knowledge import asking
from knowledge.asking import Answered
from knowledge.recipes import serving_embedder
from tickets.models import Asked, User
from tickets.redaction import redact
from tickets.reranking import serving_reranker
from tickets.writing import reader_of

SHOWN = 8


def ask(user: User, question: str, before: str = "") -> tuple[Asked, Answered]:
    """The answer, and the row that remembers the question. Raises ModelUnusable."""
    embedder = serving_embedder()
    wanted = redact(question.strip())
    answered = asking.ask(
        wanted, embedder=embedder, reader=reader_of(embedder), before=redact(before) if before.strip() else None,
        reranker=serving_reranker(),
    )  # fmt: skip
    shown = [citation.evidence for sentence in answered.sentences for citation in sentence.citations]
    row = Asked.objects.create(
        user=user, question=wanted.text[:1000], language=answered.language, answered=bool(answered.sentences),
        passages=list(dict.fromkeys([*shown, *(hit.passage_id for hit in answered.found)]))[:SHOWN],
    )  # fmt: skip
    return row, answered
