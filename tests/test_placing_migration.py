"""Rules and routed tickets of an older database are carried over, and back."""

import pytest

from tests.test_vectors_migration import migrate, to_the_newest_at_the_end

__all__ = ["to_the_newest_at_the_end"]
pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]

BEFORE = [("tickets", "0008_summaries")]
AFTER = [("tickets", "0009_placing")]


def test_an_intent_becomes_a_list_and_routed_tickets_say_so(to_the_newest_at_the_end):
    old = migrate(BEFORE)
    team = old.get_model("tickets", "Team").objects.create(name="Orders", slug="orders")
    rules = old.get_model("tickets", "RoutingRule").objects
    rules.create(name="one", intent="theft", team=team)
    rules.create(name="any", team=team)
    helpdesk = old.get_model("tickets", "Helpdesk").objects.create(slug="h", name="H", dialect="zammad")
    tickets = old.get_model("tickets", "Ticket").objects
    tickets.create(helpdesk=helpdesk, external_id="1", subject="routed", team=team, routed_by="one")
    tickets.create(helpdesk=helpdesk, external_id="2", subject="waits")

    new = migrate(AFTER)
    kept = new.get_model("tickets", "RoutingRule").objects.values_list("name", "intents", "is_active")
    assert set(map(str, kept)) == {"('one', ['theft'], True)", "('any', [], True)"}
    placed = new.get_model("tickets", "Ticket").objects.values_list("subject", "placed_by")
    assert set(placed) == {("routed", "rule"), ("waits", "")}

    again = migrate(BEFORE)
    assert set(again.get_model("tickets", "RoutingRule").objects.values_list("intent", flat=True)) == {"theft", ""}
