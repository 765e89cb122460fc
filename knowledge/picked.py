"""What an agent has said about passages, applied to what a search found.

Invariant: an excluded passage is never evidence; where passages are pinned, nothing else is. Only current public
passages can be pinned: what an agent picks still never shows a customer an internal one.
"""

from collections.abc import Sequence

from copilot.drafting.types import Evidence, Request
from knowledge.models import Passage, Visibility


def picked(request: Request, evidence: Sequence[Evidence]) -> list[Evidence]:
    """`evidence` without the excluded passages, or the pinned ones alone, with the nearness that a search gave them."""
    if not request.pinned:
        return [passage for passage in evidence if passage.id not in request.excluded]
    found = {passage.id: passage for passage in evidence}
    return [found.get(row.pk) or _as_evidence(row) for row in _pinned(request)]


def _pinned(request: Request) -> Sequence[Passage]:
    rows = Passage.objects.filter(current=True, visibility=Visibility.PUBLIC, pk__in=request.pinned - request.excluded)
    return list(rows.select_related("version__article").order_by("pk"))


def _as_evidence(row: Passage) -> Evidence:
    """A passage that no search had to find."""
    return Evidence(
        id=row.pk, title=row.version.title, heading=row.heading, text=row.text, language=row.language,
        score=1.0, dense=1.0, page=row.version.article.external_id,
    )  # fmt: skip
