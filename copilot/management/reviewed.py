"""The reviewed drafts of this desk, as training reads them.

Invariant: only what an agent accepted, masked as every model sees it; of tickets that still exist.
"""

from collections.abc import Iterator

from copilot.drafting.types import Request
from tickets.models import Citation, Review
from training.reader.examples import Quote
from training.reader.own import Reviewed


def reviewed() -> Iterator[Reviewed]:
    """Accepted drafts of which a reply went out, the oldest first."""
    accepted = Review.objects.exclude(outcome=Review.Outcome.REJECTED).filter(reply__isnull=False)
    rows = accepted.select_related("draft__ticket", "draft__message", "reply").order_by("pk")
    for review in rows.iterator():
        draft = review.draft
        request = Request(draft.ticket.redact(draft.ticket.subject), draft.message.for_model(), draft.ticket.language)
        yield Reviewed(f"review {review.pk}", request, tuple(_kept(review)))


def _kept(review: Review) -> Iterator[Quote]:
    """Quoted sentences that are in the reply as they were drafted."""
    citations = Citation.objects.filter(draft=review.draft).select_related("passage__version__article")
    for citation in citations.order_by("sentence"):
        text = citation.passage.text[citation.start : citation.end]
        if text in review.reply.body:
            yield Quote(citation.passage.version.article.external_id, text)
