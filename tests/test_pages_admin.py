"""The administrators' pages: connections, deliveries, routing rules."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import SignedIn
from tickets.models import Delivery, Helpdesk, RoutingRule, Team, User


@pytest.fixture
def admin(administrator: User, signed_in: SignedIn) -> Client:
    return signed_in(administrator)


def order() -> list[str]:
    return list(RoutingRule.objects.values_list("name", flat=True))


def test_a_helpdesk_shows_its_address_and_where_replies_go(admin: Client, helpdesk: Helpdesk):
    page = admin.get(reverse("helpdesks")).content.decode()
    assert "http://testserver/webhooks/zammad/" in page and "nothing leaves this machine" in page
    assert "s3cret" not in page
    Helpdesk.objects.update(api_url="https://help.example", is_active=False)
    page = admin.get(reverse("helpdesks")).content.decode()
    assert "https://help.example" in page and "switched off" in page


def test_without_a_helpdesk_the_page_says_what_to_do(admin: Client):
    assert "No helpdesk is connected yet" in admin.get(reverse("helpdesks")).content.decode()


def test_failed_deliveries_are_filtered_and_replayed(admin: Client, helpdesk: Helpdesk):
    failed = Delivery.objects.create(
        helpdesk=helpdesk, external_id="bad-1", body=b"secret body", state="failed", reason="no title"
    )
    Delivery.objects.create(helpdesk=helpdesk, external_id="good-1", body=b"{}", state="done")
    page = admin.get(reverse("deliveries") + "?state=failed").content.decode()
    assert "bad-1" in page and "no title" in page and "good-1" not in page and "secret body" not in page
    admin.post(reverse("replay", args=[failed.pk]))
    failed.refresh_from_db()
    assert (failed.state, failed.reason) == ("received", "")


def test_rules_are_added_moved_and_deleted(admin: Client, team: Team):
    for name in ("one", "two", "three"):
        admin.post(
            reverse("rules"), {"name": name, "team": team.pk, "intent": "theft", "urgency": "high", "language": ""}
        )
    assert order() == ["one", "two", "three"]
    admin.post(reverse("move_rule", args=[RoutingRule.objects.get(name="three").pk]), {"up": "1"})
    admin.post(reverse("move_rule", args=[RoutingRule.objects.get(name="one").pk]), {"down": "1"})
    assert order() == ["three", "one", "two"]
    admin.post(reverse("move_rule", args=[RoutingRule.objects.get(name="three").pk]), {"up": "1"})
    assert order() == ["three", "one", "two"]
    admin.post(reverse("delete_rule", args=[RoutingRule.objects.get(name="one").pk]))
    assert order() == ["three", "two"]


def test_a_rule_needs_a_name_and_a_team(admin: Client):
    answer = admin.post(reverse("rules"), {"name": ""})
    assert answer.status_code == 422 and not RoutingRule.objects.exists()


def test_rules_that_share_a_position_still_move(admin: Client, team: Team):
    RoutingRule.objects.bulk_create([RoutingRule(name=name, team=team, position=0) for name in ("a", "b", "c")])
    admin.post(reverse("move_rule", args=[RoutingRule.objects.get(name="c").pk]), {"up": "1"})
    assert order() == ["a", "c", "b"]


def test_reading_does_not_delete(admin: Client, team: Team):
    rule = RoutingRule.objects.create(name="a", team=team)
    assert admin.get(reverse("delete_rule", args=[rule.pk])).status_code == 405


def test_a_team_chooses_how_its_replies_sound(admin: Client, team: Team):
    admin.post(reverse("team_tone", args=[team.pk]), {"tone": "warm"})
    team.refresh_from_db()
    assert team.tone == "warm"
    page = admin.get(reverse("rules")).content.decode()
    assert '<option value="warm" selected>' in page
    assert admin.post(reverse("team_tone", args=[team.pk]), {"tone": "rude"}).status_code == 422
    team.refresh_from_db()
    assert team.tone == "warm"
