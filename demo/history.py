"""Eight weeks of past work, so that the managers' page has something to show.

Past sample tickets go through the real intake and the real drafting; only the people's decisions and the dates are
made up, by a fixed seed. Nothing of it is posted anywhere.
"""

import random
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from demo.incoming import SAMPLES, read_tickets
from tickets.drafts import draft_batch
from tickets.helpdesks.base import Event
from tickets.intake import take_in
from tickets.models import Draft, Helpdesk, Reply, Review, Ticket, User
from tickets.models.people import Role
from tickets.rendering import plain_text

EVERY = 3
WEEKS = 8
OUTCOMES = [Review.Outcome.APPROVED] * 11 + [Review.Outcome.EDITED] * 6 + [Review.Outcome.REJECTED] * 3
REASONS = [*(value for value in Review.Reason.values if value != "other"), "source", "incomplete"]


def write() -> None:
    """Write the history, once."""
    archive, created = Helpdesk.objects.get_or_create(
        slug="archive", defaults={"name": "Past tickets (sample)", "dialect": "standard", "is_active": False}
    )
    if not created:
        return
    chance = random.Random(20)  # noqa: S311  sample data, the same on every machine
    now = timezone.now()
    for number, row in enumerate(list(read_tickets(SAMPLES / "past_tickets.jsonl"))[::EVERY]):
        moment = now - timedelta(days=chance.uniform(1, WEEKS * 7 - 3))
        event = Event(
            ticket_id=f"past-{number}", number=f"past-{number}", subject=row["subject"], requester_name="",
            requester_email="", message_id=f"past-{number}-1", author="requester", author_name="", body=row["body"],
            is_html=False, sent_at=moment,
        )  # fmt: skip
        with transaction.atomic():
            take_in(archive, event)
    while draft_batch():
        pass
    _decide(archive, chance)


def _decide(archive: Helpdesk, chance: random.Random) -> None:
    agents = list(User.objects.filter(role=Role.AGENT))
    for draft in Draft.objects.filter(ticket__helpdesk=archive).select_related("ticket", "message"):
        born = draft.message.sent_at
        Ticket.objects.filter(pk=draft.ticket_id).update(created_at=born, state=Ticket.State.ANSWERED)
        Draft.objects.filter(pk=draft.pk).update(created_at=born, ready_at=born + timedelta(seconds=2))
        if draft.state == Draft.State.READY:
            _review(draft, chance.choice(agents), born, chance)


def _review(draft: Draft, agent: User, born: datetime, chance: random.Random) -> None:
    outcome = chance.choice(OUTCOMES)
    rejected = outcome == Review.Outcome.REJECTED
    decided = born + timedelta(minutes=chance.lognormvariate(2.5, 1))
    review = Review.objects.create(
        draft=draft, reviewer=agent, outcome=outcome, reason=chance.choice(REASONS) if rejected else "",
        seconds=chance.lognormvariate(3.2, 0.6),
    )  # fmt: skip
    Review.objects.filter(pk=review.pk).update(created_at=decided)
    Draft.objects.filter(pk=draft.pk).update(state=Draft.State.REJECTED if rejected else Draft.State.ACCEPTED)
    if not rejected:
        Reply.objects.create(
            review=review, ticket=draft.ticket, body=plain_text(draft), state=Reply.State.SENT, not_before=decided,
            sent_at=decided,
        )  # fmt: skip
