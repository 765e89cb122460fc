"""The numbers of the insights page, on a world small enough to count by hand."""

from datetime import UTC, date, datetime

import pytest
from django.test.utils import CaptureQueriesContext

from tests.conftest import MakeDraft, MakeTicket, SignedIn
from tickets import counted, insights
from tickets.models import Draft, Review, Team, Ticket, User
from tickets.views import operations, plots

TODAY = date(2026, 11, 25)  # a Wednesday
LAST_WEEK = datetime(2026, 11, 18, 12, tzinfo=UTC)
THIS_WEEK = datetime(2026, 11, 24, 12, tzinfo=UTC)
LONG_AGO = datetime(2026, 8, 1, 12, tzinfo=UTC)


@pytest.fixture
def world(make_ticket: MakeTicket, make_draft: MakeDraft, other_team: Team) -> None:
    def ended(outcome: str, moment: datetime, seconds: float = 0, *, reason: str = "", gap: str = "", **fields: object):
        state = Draft.State.REJECTED if outcome == "rejected" else Draft.State.ACCEPTED
        made = make_draft(make_ticket(**fields), state, reason=gap)
        Draft.objects.filter(pk=made.pk).update(created_at=moment)
        Review.objects.create(draft=made, outcome=outcome, reason=reason, seconds=seconds)

    def undecided(state: str, moment: datetime):
        made = make_draft(make_ticket(), state, reason="nothing_found" if state == "abstained" else "")
        Draft.objects.filter(pk=made.pk).update(created_at=moment)

    ended("approved", LAST_WEEK, 10)
    ended("approved", THIS_WEEK, 20, intent="theft")
    ended("edited", THIS_WEEK, 60)
    ended("rejected", THIS_WEEK, 500, reason="tone")
    ended("rejected", THIS_WEEK, 500, reason="wrong", team=other_team)
    ended("rejected", LAST_WEEK, 500, reason="wrong")
    ended("edited", THIS_WEEK, 30, gap="not_answering")  # the agent wrote it: an abstention all the same
    ended("approved", LONG_AGO, 1)
    for state in ("abstained", "ready", "pending", "superseded", "failed"):
        undecided(state, THIS_WEEK)


def test_the_total(world: None):
    total = insights.compute(8, today=TODAY).total
    assert total == insights.Tally(approved=2, edited=1, rejected=3, abstained=2, open=1)
    assert (total.total, total.decided, total.acceptance, total.untouched) == (9, 6, 0.5, 2 / 6)
    assert total.abstention == 2 / 9


def test_the_median_is_of_what_was_sent(world: None):
    assert insights.compute(8, today=TODAY).median_seconds == 25  # of 10, 20, 30 and 60


def test_every_week_is_there_and_the_old_ones_are_not(world: None):
    weeks = insights.compute(4, today=TODAY).weeks
    assert [week.key for week in weeks] == [
        date(2026, 11, 2),
        date(2026, 11, 9),
        date(2026, 11, 16),
        date(2026, 11, 23),
    ]
    assert [week.tally.total for week in weeks] == [0, 0, 2, 7]
    assert weeks[2].tally == insights.Tally(approved=1, rejected=1)


def test_by_intent_and_by_reason(world: None):
    numbers = insights.compute(8, today=TODAY)
    assert [(group.key, group.tally.total) for group in numbers.intents] == [("return_refund", 8), ("theft", 1)]
    assert numbers.reasons == [("wrong", 2), ("tone", 1)]


def test_one_team(world: None, other_team: Team):
    assert insights.compute(8, other_team, today=TODAY).total == insights.Tally(rejected=1)


def test_an_empty_house():
    assert insights.Tally().acceptance is None and insights.Tally().abstention is None


@pytest.mark.django_db
def test_an_empty_house_says_so(manager: User, signed_in: SignedIn):
    numbers = insights.compute()
    assert (numbers.total.total, numbers.median_seconds, len(numbers.weeks)) == (0, None, 8)
    assert "No drafts in this period" in signed_in(manager).get("/insights/").content.decode()


def test_a_few_queries_however_many_drafts(world: None, django_assert_max_num_queries):
    with django_assert_max_num_queries(9) as queries:
        insights.compute(8, today=TODAY)
    assert isinstance(queries, CaptureQueriesContext)


def test_the_page_draws_it_and_says_it_in_a_table(world: None, manager: User, signed_in: SignedIn):
    Draft.objects.update(created_at=datetime.now(UTC))
    page = signed_in(manager).get("/insights/?weeks=4&team=&nonsense=1").content.decode()
    assert '<rect class="approved"' in page and "<table>" in page and "Tone or language" in page
    assert " style=" not in page


def test_a_filter_that_cannot_be_read_is_left_out(world: None, manager: User, signed_in: SignedIn):
    assert signed_in(manager).get("/insights/?weeks=soon&team=9999").status_code == 200


def test_bars_stand_on_each_other_and_fill_the_scale():
    tally = insights.Tally(approved=3, edited=1, rejected=2)
    [stack] = plots.columns([insights.Group("week", tally)]).stacks
    heights = [bar.height for bar in stack.bars]
    assert [bar.value for bar in stack.bars] == [3, 1, 2]
    assert stack.bars[0].y + heights[0] == plots.HEIGHT - plots.BOTTOM
    assert stack.bars[1].y + heights[1] == pytest.approx(stack.bars[0].y, abs=0.2)
    assert sum(heights) == pytest.approx(plots.HEIGHT - plots.TOP - plots.BOTTOM, abs=0.3)


@pytest.mark.parametrize(("value", "top"), [(0, 2), (1, 2), (7, 8), (12, 20), (58, 60), (100, 100), (351, 400)])
def test_a_scale_ends_on_a_number_that_people_like(value: int, top: int):
    assert plots._round_up(value) == top


def test_tickets_without_intent_are_counted_too(make_ticket: MakeTicket, make_draft: MakeDraft):
    make_draft(make_ticket(intent=""), Draft.State.ABSTAINED)
    assert [group.key for group in insights.compute().intents] == [""]
    assert Ticket.objects.count() == 1


def test_what_was_erased_counts_as_before(world: None, other_team: Team):
    before = [insights.compute(8, team, today=TODAY) for team in (None, other_team)]
    for ticket in Ticket.objects.all():
        counted.add(Draft.objects.filter(ticket=ticket))
        ticket.delete()
    assert not Draft.objects.exists()
    assert [insights.compute(8, team, today=TODAY) for team in (None, other_team)] == before


def test_half_of_it_erased(world: None):
    before = insights.compute(8, today=TODAY)
    for ticket in Ticket.objects.all()[::2]:
        counted.add(Draft.objects.filter(ticket=ticket))
        ticket.delete()
    assert insights.compute(8, today=TODAY) == before and Draft.objects.exists()


def test_why_there_was_no_answer_counts_as_before(make_ticket: MakeTicket, make_draft: MakeDraft):
    for reason in ("nothing_found", "nothing_found", "no_text"):
        make_draft(make_ticket(), Draft.State.ABSTAINED, reason=reason)
    before = operations._unanswered()
    assert [(row["reason"], row["count"]) for row in before] == [("nothing_found", 2), ("no_text", 1)]
    for ticket in Ticket.objects.all()[:2]:
        counted.add(Draft.objects.filter(ticket=ticket))
        ticket.delete()
    assert operations._unanswered() == before
