"""Drafts that go, added up, so that the insights show the same before and after.

Invariant: a draft is counted in the transaction that deletes it, once, as `tickets.insights` would have counted it.
"""

from collections.abc import Iterable

from django.db.models import Case, CharField, QuerySet, Value, When
from django.utils import timezone

from tickets import insights
from tickets.models import CountedDraft, Draft

# Nobody counts these: a newer draft took their place, or they were not written.
UNCOUNTED = (Draft.State.SUPERSEDED, Draft.State.PENDING, Draft.State.WORKING)


def add(drafts: QuerySet[Draft]) -> int:
    """Count what is about to be deleted; how many. Call in the transaction that deletes it."""
    kind = Case(
        *(When(condition, then=Value(kind)) for kind, condition in insights.KINDS.items()),
        default=Value(""), output_field=CharField(),
    )  # fmt: skip
    rows = drafts.exclude(state__in=UNCOUNTED).select_related("ticket", "review").annotate(counted_as=kind)
    return len(CountedDraft.objects.bulk_create(_rows(rows)))


def _rows(drafts: Iterable[Draft]) -> Iterable[CountedDraft]:
    for draft in drafts:
        review = getattr(draft, "review", None)
        yield CountedDraft(
            day=timezone.localdate(draft.created_at), team_id=draft.ticket.team_id, intent=draft.ticket.intent,
            kind=getattr(draft, "counted_as", ""), outcome=review.outcome if review else "",
            reason=review.reason if review else "", why=draft.reason, seconds=review.seconds if review else None,
        )  # fmt: skip
