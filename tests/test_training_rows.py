"""What triage learns from: people's words, how tickets ended, as far as consent and erasure leave it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tickets import endings, labelling, lesson
from tickets.models import Helpdesk, RoutingRule, Ticket, TrainingRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(make_ticket):
    """A ticket that was answered a while ago."""

    def make(**fields):
        ticket = make_ticket(**{"placed_by": "rule", "state": "answered", **fields})
        Ticket.objects.filter(pk=ticket.pk).update(updated_at=timezone.now() - timedelta(hours=1))
        return ticket

    return make


def rows():
    return list(TrainingRow.objects.values_list("intent", "origin"))


def test_a_ticket_answered_where_a_rule_brought_it_confirms_its_intent(answered):
    answered(redacted="Mail me at [EMAIL_1]", body="Mail me at a@b.example")
    assert endings.harvest() == 1 and rows() == [("return_refund", "confirmed")]
    assert "[EMAIL_1]" in TrainingRow.objects.get().text and "a@b" not in TrainingRow.objects.get().text
    assert endings.harvest() == 0


def test_a_ticket_moved_to_a_team_of_one_intent_is_labelled_with_it(answered, other_team):
    RoutingRule.objects.create(name="billing", intents=["invoice"], team=other_team)
    answered(team=other_team, placed_by="person")
    answered(team=other_team, placed_by="helpdesk")
    endings.harvest()
    assert rows() == [("invoice", "moved")] * 2


def test_a_team_of_several_intents_says_nothing_unless_one_is_clearly_its_own(answered, other_team):
    RoutingRule.objects.create(name="billing", intents=["invoice", "refund"], team=other_team)
    moved = answered(team=other_team, placed_by="person")
    endings.harvest()
    assert rows() == []
    for _ in range(19):
        answered(team=other_team, intent="invoice", triage="person")
    answered(team=other_team, intent="refund", triage="person")
    endings.harvest()
    assert TrainingRow.objects.get(ticket=moved).intent == "invoice"


@pytest.mark.parametrize(
    "fields", [{"state": "open"}, {"triage": "unsure"}, {"intent": ""}, {"placed_by": ""}, {"team": None}]
)
def test_what_has_not_ended_or_was_not_understood_says_nothing(answered, fields):
    answered(**fields)
    assert endings.harvest() == 0


def test_a_persons_word_stands(answered, agent):
    ticket = answered()
    endings.harvest()
    labelling.correct_intent(ticket, agent, "theft")
    endings.harvest()
    assert rows() == [("theft", "agent")]


def test_a_persons_word_can_be_taken_back(make_ticket, agent):
    ticket = make_ticket(triage="unsure")
    labelling.correct_intent(ticket, agent, "theft")
    with pytest.raises(labelling.NothingToTakeBack):
        labelling.take_back(ticket, "refund")  # a colleague's word since
    labelling.take_back(ticket, "theft")
    ticket.refresh_from_db()
    assert rows() == [] and (ticket.intent, ticket.triage) == ("", "unsure")
    with pytest.raises(labelling.NothingToTakeBack):
        labelling.take_back(ticket, "theft")


def test_a_row_whose_ticket_was_moved_since_is_taken_back(answered, other_team):
    ticket = answered()
    endings.harvest()
    Ticket.objects.filter(pk=ticket.pk).update(team=other_team, placed_by="person")
    endings.harvest()
    assert rows() == []


def test_without_consent_nothing_is_kept_and_what_was_kept_is_not_used(answered, make_ticket, agent):
    answered()
    endings.harvest()
    labelling.correct_intent(make_ticket(), agent, "theft")
    TrainingRow.objects.create(text="x", intent="imported", language="en", origin="imported")
    Helpdesk.objects.update(may_teach=False)
    labelling.correct_intent(make_ticket(), agent, "repair")
    answered()
    endings.harvest()
    assert TrainingRow.objects.count() == 3 and [row.intent for row in lesson.read()] == ["imported"]
    Helpdesk.objects.update(may_teach=True)
    assert len(lesson.read()) == 3


def test_a_row_dies_with_its_ticket(answered):
    ticket = answered()
    endings.harvest()
    ticket.delete()
    assert rows() == []


def say(intent, number, origin="imported"):
    TrainingRow.objects.bulk_create(
        TrainingRow(text=f"{intent} {origin} number {n}", intent=intent, language="en", origin=origin)
        for n in range(number)
    )


def test_implied_rows_are_no_more_than_said_ones_and_the_newest(db):
    say("refund", 30, "confirmed")
    assert [row.text[-2:] for row in lesson.read()] == [str(n) for n in range(20, 30)]
    say("refund", 15)
    chosen = lesson.read()
    assert sum(row.origin == "confirmed" for row in chosen) == 15 and len(chosen) == 30


def test_the_same_rows_are_held_out_night_after_night(db):
    say("refund", 100)
    say("repair", 100)
    learned, held = lesson.split(lesson.read())
    assert 20 <= len(held) <= 60 and len(learned) + len(held) == 200
    assert {row.intent for row in held} == {"refund", "repair"}
    say("theft", 100)
    again = lesson.split(lesson.read())[1]
    assert [row.pk for row in again if row.intent != "theft"] == [row.pk for row in held]


def test_copies_are_on_one_side_and_implied_rows_are_never_judged_by(db):
    for origin in ("imported", "agent", "confirmed"):
        say("refund", 60, origin)
    TrainingRow.objects.bulk_create(
        TrainingRow(text=row.text.upper(), intent="refund", language="en", origin="confirmed")
        for row in list(TrainingRow.objects.filter(origin="imported"))
    )
    learned, held = lesson.split(lesson.read())
    assert not {row.digest for row in learned} & {row.digest for row in held}
    assert {row.origin for row in held} == {"imported", "agent"}


def test_a_label_with_a_handful_of_rows_keeps_them_for_learning(db):
    say("rare", lesson.LEAST_OF_A_LABEL - 1)
    assert lesson.split(lesson.read())[1] == []
