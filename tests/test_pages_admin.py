"""The administrators' pages: connections, deliveries, teams and hours."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import SignedIn
from tickets.models import BusinessHours, Delivery, Helpdesk, Team, User


@pytest.fixture
def admin(administrator: User, signed_in: SignedIn) -> Client:
    return signed_in(administrator)


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


def test_writing_back_is_off_until_an_administrator_switches_it_on(admin: Client, helpdesk: Helpdesk):
    assert "nothing is written back" in admin.get(reverse("helpdesks")).content.decode()
    address = reverse("switch_write_back", args=[helpdesk.pk])
    assert "no address to write to" in admin.post(address, follow=True).content.decode()
    assert not Helpdesk.objects.get().writes_back
    Helpdesk.objects.update(api_url="https://help.example")
    admin.post(address)
    assert Helpdesk.objects.get().writes_back
    assert "are written back to the helpdesk" in admin.get(reverse("helpdesks")).content.decode()
    admin.post(address)
    assert not Helpdesk.objects.get().writes_back


def test_a_team_chooses_how_its_replies_sound_and_how_it_is_called(admin: Client, team: Team, other_team: Team):
    admin.post(reverse("team", args=[team.pk]), {"tone": "warm", "group": "Shop::Orders", "assigns_by_load": "on"})
    team.refresh_from_db()
    assert (team.tone, team.group_name, team.assigns_by_load) == ("warm", "Shop::Orders", True)
    assert '<option value="warm" selected>' in admin.get(reverse("teams")).content.decode()
    assert admin.post(reverse("team", args=[team.pk]), {"tone": "rude"}).status_code == 422
    taken = admin.post(reverse("team", args=[other_team.pk]), {"tone": "warm", "group": "shop::orders"})
    assert taken.status_code == 422 and "Another team has this group" in taken.content.decode()
    team.refresh_from_db()
    other_team.refresh_from_db()
    assert (team.tone, other_team.group) == ("warm", "")


def test_an_administrator_says_who_is_away(admin: Client, agent: User):
    admin.post(reverse("away", args=[agent.pk]))
    agent.refresh_from_db()
    assert agent.is_away and "Mark as back" in admin.get(reverse("teams")).content.decode()
    admin.post(reverse("away", args=[agent.pk]))
    agent.refresh_from_db()
    assert not agent.is_away


def test_business_hours_are_set_and_bad_ones_are_explained(admin: Client):
    said: dict[str, object] = {"days": ["0", "5"], "opens": "08:30", "closes": "00:00", "zone": "America/Montreal"}
    admin.post(reverse("hours"), said)
    admin.post(reverse("hours"), {**said, "days": ["1"]})
    hours = BusinessHours.objects.get()  # one row, however often it is saved
    assert (hours.days, hours.zone) == ([1], "America/Montreal")
    wrongs: list[tuple[dict[str, object], str]] = [
        ({"zone": "Paris"}, "such as Europe/Paris"),
        ({"closes": "08:00"}, "must be after the beginning"),
        ({"days": []}, "at least one day"),
    ]
    for wrong, words in wrongs:
        answer = admin.post(reverse("hours"), {**said, **wrong})
        assert answer.status_code == 422 and words in answer.content.decode(), wrong
    assert BusinessHours.objects.get().days == [1]
