"""A rule takes the tickets that meet all of its conditions, and no others; the first one wins."""

from datetime import UTC, datetime, time
from decimal import Decimal

import pytest

from tests.conftest import MakeTicket
from tickets import groups, labelling, routing
from tickets.helpdesks.base import Place
from tickets.matching import Facts, first_match, matches, number
from tickets.models import BusinessHours, RoutingRule, Team, Ticket, User

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)


def rule(**conditions: object) -> RoutingRule:
    return RoutingRule(name="r", **conditions)


FACTS = Facts(
    intents=frozenset(["theft"]), confidence=0.8, language="fr", urgency="high", requester="Ada@Mail.Example.org",
    in_hours=False, fields={"order": "CY-12", "amount": "1 250,50 €"},
)  # fmt: skip


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, True),
        ({"intents": ["theft", "repair"]}, True),
        ({"intents": ["repair"]}, False),
        ({"language": "fr"}, True),
        ({"language": "en"}, False),
        ({"urgency": "high"}, True),
        ({"urgency": "low"}, False),
        ({"requester": "ada@mail.example.org"}, True),
        ({"requester": "bob@mail.example.org, @mail.example.org"}, True),
        ({"requester": "@example.org"}, False),  # a domain is whole, or evil-example.org would be let in as example.org
        ({"requester": "da@mail.example.org"}, False),
        ({"hours": "outside"}, True),
        ({"hours": "inside"}, False),
        ({"field_name": "order", "field_test": "present"}, True),
        ({"field_name": "order", "field_test": "missing"}, False),
        ({"field_name": "iban", "field_test": "present"}, False),
        ({"field_name": "iban", "field_test": "missing"}, True),
        ({"field_name": "order", "field_test": "equals", "field_value": "cy-12"}, True),
        ({"field_name": "order", "field_test": "equals", "field_value": "cy-1"}, False),
        ({"field_name": "order", "field_test": "contains", "field_value": "12"}, True),
        ({"field_name": "iban", "field_test": "contains", "field_value": "12"}, False),
        ({"field_name": "amount", "field_test": "at_least", "field_value": "1250"}, True),
        ({"field_name": "amount", "field_test": "at_least", "field_value": "1251"}, False),
        ({"field_name": "iban", "field_test": "at_least", "field_value": "0"}, False),
        ({"confidence": 0.8}, True),
        ({"confidence": 0.81}, False),
        ({"is_active": False}, False),
        ({"language": "fr", "urgency": "low"}, False),  # all of them, not one of them
    ],
)
def test_each_condition(conditions: dict[str, object], expected: bool):
    assert matches(rule(**conditions), FACTS) is expected


def test_an_unsure_ticket_is_for_rules_that_ask_how_sure_and_for_no_other():
    unsure = Facts(intents=frozenset(["theft"]), is_sure=False, confidence=0.3)
    assert not matches(rule(), unsure) and not matches(rule(intents=["theft"]), unsure)
    assert matches(rule(confidence=0.3), unsure) and matches(rule(confidence=0.0), unsure)
    assert not matches(rule(confidence=0.31), unsure)


def test_the_first_match_wins():
    no, one, two = rule(language="en"), rule(), rule()
    assert first_match([no, one, two], FACTS) is one
    assert first_match([no], FACTS) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("250", "250"), ("1,234.50", "1234.50"), ("1.234,50 EUR", "1234.5"), ("1 250,5", "1250.5"), ("12,500", "12500"),
        ("-3", "-3"), ("", None), ("none", None), ("--", None), ("1-2", None),
    ],
)  # fmt: skip
def test_numbers_in_texts(text: str, value: str | None):
    assert number(text) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (datetime(2026, 3, 2, 8, 0, tzinfo=UTC), True),  # nine in Paris
        (datetime(2026, 3, 2, 7, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 2, 17, 0, tzinfo=UTC), False),  # six in Paris: the end is not within
        (datetime(2026, 3, 1, 10, 0, tzinfo=UTC), False),  # a Sunday
        (datetime(2026, 7, 6, 7, 0, tzinfo=UTC), True),  # nine in Paris, in summer
    ],
)
def test_business_hours_are_those_of_their_place(moment: datetime, is_open: bool):
    hours = BusinessHours(opens=time(9), closes=time(18), zone="Europe/Paris")
    assert hours.include(moment) is is_open


def test_an_end_at_midnight_is_the_end_of_the_day():
    hours = BusinessHours(days=[0], opens=time(0), closes=time(0), zone="UTC")
    assert hours.include(MONDAY.replace(hour=23, minute=59)) and not hours.include(MONDAY.replace(day=3))


@pytest.fixture
def theft(team: Team) -> RoutingRule:
    return RoutingRule.objects.create(
        name="Stolen", intents=["theft"], team=team, priority="high", tags=["theft"], position=1
    )


def placed(ticket: Ticket) -> tuple[object, ...]:
    ticket.refresh_from_db()
    return ticket.team and ticket.team.name, ticket.placed_by, ticket.routed_by, ticket.priority, ticket.tags


def test_a_ticket_says_which_rule_placed_it_and_what_else_it_gave(theft, agent, make_ticket: MakeTicket):
    ticket = make_ticket(team=None)
    labelling.correct_intent(ticket, agent, "theft")
    assert placed(ticket) == ("Orders", "rule", "Stolen", "high", ["theft"])
    assert ticket.rule == theft
    labelling.correct_intent(ticket, agent, "other")
    assert placed(ticket) == (None, "", "", "", [])
    assert Ticket.objects.get().rule is None


def test_the_name_of_a_deleted_rule_stays_on_its_tickets(theft, agent, make_ticket: MakeTicket):
    ticket = make_ticket(team=None)
    labelling.correct_intent(ticket, agent, "theft")
    theft.delete()
    assert placed(ticket)[:3] == ("Orders", "rule", "Stolen")


@pytest.mark.parametrize("by", ["person", "helpdesk"])
def test_what_a_person_or_the_helpdesk_placed_is_moved_by_no_rule(theft, agent, other_team, make_ticket, by: str):
    ticket = make_ticket(team=other_team, placed_by=by)
    labelling.correct_intent(ticket, agent, "theft")
    assert placed(ticket)[:2] == ("Billing", by)


def test_the_hours_are_those_of_the_requesters_last_message(team, make_ticket: MakeTicket):
    RoutingRule.objects.create(name="night", team=team, hours="outside")
    ticket = make_ticket(team=None)
    for moment, name in ((MONDAY, ""), (MONDAY.replace(hour=3), "night")):
        ticket.messages.update(sent_at=moment)
        routing.route(ticket)
        assert ticket.routed_by == name


def test_who_has_left_the_team_does_not_keep_the_ticket(theft, agent, outsider: User, make_ticket: MakeTicket):
    ticket = make_ticket(team=None, assignee=outsider)
    labelling.correct_intent(ticket, agent, "theft")
    assert Ticket.objects.get().assignee is None
    ticket = make_ticket(team=None, assignee=agent)
    labelling.correct_intent(ticket, agent, "theft")
    ticket.refresh_from_db()
    assert ticket.assignee == agent


class TestTheHelpdesksWord:
    def test_a_change_of_group_moves_the_ticket_and_the_first_word_does_not(self, other_team, make_ticket):
        ticket = make_ticket()
        assert not groups.hear(ticket, Place("Billing", MONDAY)) and ticket.team.name == "Orders"
        groups.hear(ticket, Place("Users", MONDAY))
        assert groups.hear(ticket, Place("billing", MONDAY))
        assert (ticket.team, ticket.placed_by, ticket.routed_by) == (other_team, "helpdesk", "")

    def test_an_older_word_and_a_group_without_a_team_change_nothing(self, other_team, make_ticket):
        ticket = make_ticket(group="Users", group_at=MONDAY)
        assert not groups.hear(ticket, Place("Billing", MONDAY.replace(hour=9)))
        assert not groups.hear(ticket, Place("Nobody's", MONDAY.replace(hour=11)))
        assert ticket.team.name == "Orders" and ticket.group == "Nobody's"

    def test_a_team_has_one_name_in_the_helpdesk(self, team, other_team):
        Team.objects.filter(pk=other_team.pk).update(group="Accounts")
        assert groups.called("accounts") == other_team and groups.called("Billing") is None
        assert groups.called("ORDERS") == team
