"""The helpdesk is told of placements: only where that is switched on, once each, the newest last; echoes are known."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from demo.helpdesk import SampleHelpdesk
from tests.sending import SECRET, listening, payload, post, zammad_headers
from tickets import deliveries, groups, labelling, moving, sweep, tasks, write_back
from tickets.helpdesks.base import Place
from tickets.models import Delivery, Helpdesk, RoutingRule, Ticket, WriteBack

pytestmark = pytest.mark.django_db

FIRST = "2026-03-03T10:00:00Z"


@pytest.fixture
def received(tmp_path):
    return SampleHelpdesk(tmp_path / "received.jsonl")


@pytest.fixture
def house(received, team, other_team):
    """Makes a ticket of a helpdesk that listens, is told of placements, and has the ticket in the group Users."""
    with listening(received) as address:

        def make(dialect="zammad", url=None, **fields):
            api_url = {"standard": f"{address}/replies", "zammad": address}[dialect] if url is None else url
            helpdesk, _ = Helpdesk.objects.get_or_create(
                slug=dialect, name=dialect, dialect=dialect, webhook_secret=SECRET, api_url=api_url, api_token="t",
                defaults={"writes_back": True},
            )  # fmt: skip
            count = Ticket.objects.count()
            return Ticket.objects.create(helpdesk=helpdesk, external_id=str(7 + count), group="Users", **fields)

        yield make


@pytest.fixture
def rule(team):
    return RoutingRule.objects.create(name="all", team=team, priority="high", tags=["vip", "bike"], position=1)


def route(ticket, user):
    """Have the ticket routed by the rules, and what that asks for told."""
    labelling.correct_intent(ticket, user, "theft")
    return tell()


def labelled(ticket, user):
    """Have the ticket routed; the placement that waits."""
    labelling.correct_intent(ticket, user, "theft")
    return WriteBack.objects.first()


def tell():
    """Send whatever waits; the newest row as it is then."""
    WriteBack.objects.filter(state="queued").update(not_before=timezone.now())
    for pk in WriteBack.objects.order_by("pk").values_list("pk", flat=True):
        write_back.send(pk)
    return WriteBack.objects.first()


def test_zammad_is_told_group_priority_and_tags(house, received, rule, agent):
    row = route(house(), agent)
    assert row.state == "done" and row.done_at
    put, *tags = received.placements()
    assert (put["ticket_id"], put["group"], put["priority"]) == ("7", "Orders", "3 high")
    assert [(tag["o_id"], tag["object"], tag["item"]) for tag in tags] == [(7, "Ticket", "vip"), (7, "Ticket", "bike")]
    assert Ticket.objects.get().group == "Orders"


def test_any_other_system_is_told_by_one_post(house, received, rule, agent):
    assert route(house("standard"), agent).state == "done"
    [said] = received.placements()
    said.pop("updated_at")
    assert said == {
        "type": "ticket.placed", "ticket_id": "7", "team": "Orders", "priority": "high", "tags": ["vip", "bike"]
    }  # fmt: skip
    assert not list(received.replies())


def test_nothing_leaves_unless_it_is_switched_on(house, received, rule, agent):
    ticket = house()
    Helpdesk.objects.update(writes_back=False)
    ticket.helpdesk.refresh_from_db()
    assert route(ticket, agent) is None
    Helpdesk.objects.update(writes_back=True, api_url="")
    moved = Ticket.objects.select_related("helpdesk").get()
    moving.move(moved, agent, rule.team)
    assert tell() is None and not received.placements()


def test_switching_it_off_stops_what_waits(house, received, rule, agent):
    ticket = house()
    labelling.correct_intent(ticket, agent, "theft")
    write_back.switch(ticket.helpdesk, on=False)
    assert tell().state == "replaced" and not received.placements()


def test_what_lies_there_already_is_not_told(house, received, team, agent):
    RoutingRule.objects.create(name="plain", team=team)
    ticket = house()
    Ticket.objects.update(group="orders")
    assert route(ticket, agent) is None


def test_routing_it_again_to_the_same_place_tells_nothing(house, received, rule, agent):
    ticket = house()
    route(ticket, agent)
    count = len(received.placements())
    route(ticket, agent)
    assert len(received.placements()) == count and WriteBack.objects.count() == 1


def test_only_the_newest_placement_of_a_ticket_is_told(house, received, rule, agent, other_team):
    ticket = house()
    labelling.correct_intent(ticket, agent, "theft")
    moving.move(ticket, agent, other_team)
    assert tell().state == "done"
    assert [said["group"] for said in received.placements() if "group" in said] == ["Billing"]
    assert sorted(WriteBack.objects.values_list("state", flat=True)) == ["done", "replaced"]


def test_while_one_is_being_told_the_next_waits(house, received, rule, agent, other_team):
    ticket = house()
    labelling.correct_intent(ticket, agent, "theft")
    WriteBack.objects.update(state="sending", attempts=1, claimed_at=timezone.now())
    moving.move(ticket, agent, other_team)
    assert tell().state == "queued" and not received.placements()
    WriteBack.objects.filter(state="sending").update(claimed_at=timezone.now() - timedelta(hours=1))
    write_back.release_abandoned()
    assert tell().state == "done" and received.placements()[0]["group"] == "Billing"


def test_an_older_placement_that_failed_is_not_told_after_a_newer_one(house, received, rule, agent, other_team):
    ticket = house()
    older = labelled(ticket, agent)
    WriteBack.objects.update(state="sending", attempts=1, claimed_at=timezone.now())
    moving.move(ticket, agent, other_team)
    WriteBack.objects.filter(pk=older.pk).update(state="queued")  # its helpdesk was busy: it shall be tried again
    assert tell().state == "done"
    assert WriteBack.objects.get(pk=older.pk).state == "replaced"
    assert [said["group"] for said in received.placements() if "group" in said] == ["Billing"]


def test_a_move_that_is_taken_back_in_time_is_never_told(house, received, team, other_team, agent):
    ticket = house(team=team, placed_by="rule")
    done = moving.move(ticket, agent, other_team)
    assert WriteBack.objects.get().not_before > timezone.now()
    moving.undo(done)
    tell()
    assert [said["group"] for said in received.placements()] == ["Orders"]


def test_a_helpdesk_that_is_down_is_tried_again_and_given_up_where_the_administrator_sees_it(
    house, rule, agent, administrator, signed_in, received
):
    ticket = house(url="http://127.0.0.1:9")
    labelling.correct_intent(ticket, agent, "theft")
    for attempt in range(1, write_back.MAX_ATTEMPTS + 1):
        row = tell()
        assert row.attempts == attempt
    assert row.state == "failed"
    client = signed_in(administrator)
    page = client.get(reverse("problems")).content.decode()
    assert "1 placement was not taken by its helpdesk" in page and "did not answer" in page
    with listening(received) as address:
        Helpdesk.objects.update(api_url=address)
        client.post(reverse("tell_again"))
        assert tell().state == "done"
    assert "was not taken" not in client.get(reverse("problems")).content.decode()


@pytest.mark.parametrize(
    ("status", "state"), [("422 Unprocessable", "failed"), ("503 Busy", "queued"), ("429 Slow", "queued")]
)
def test_a_refusal_is_not_repeated_and_a_busy_helpdesk_is_asked_later(house, rule, agent, status, state):
    def answer(environ, start):
        start(status, [("Content-Length", "0")])
        return [b""]

    with listening(answer) as address:
        row = route(house(url=address), agent)
    assert (row.state, row.attempts) == (state, 1) and status[:3] in row.error


def test_an_answer_that_is_no_json_is_tried_again(house, rule, agent):
    def answer(environ, start):
        start("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    with listening(answer) as address:
        assert route(house(url=address), agent).state == "queued"


def test_the_sweep_wakes_what_waits(house, rule, agent, machine, monkeypatch, django_capture_on_commit_callbacks):
    woken = []
    monkeypatch.setattr(tasks.finish_recipe, "apply_async", lambda **_: None)
    monkeypatch.setattr(tasks.write_back, "apply_async", lambda args=(), **_: woken.append(args))
    labelling.correct_intent(house(), agent, "theft")
    with django_capture_on_commit_callbacks(execute=True):
        sweep.sweep()
    assert woken == [(WriteBack.objects.get().pk,)]


def test_a_worker_that_lost_its_lease_decides_nothing(house, rule, agent, monkeypatch):
    def late(row):
        WriteBack.objects.update(state="done", attempts=2)
        raise write_back.PostFailed("422", retry=False)

    monkeypatch.setattr(write_back, "_tell", late)
    assert route(house(), agent).state == "done"


class TestEchoes:
    def test_our_own_change_coming_back_changes_nothing(self, house, rule, agent):
        ticket = house()
        route(ticket, agent)
        ticket.refresh_from_db()
        assert not groups.hear(ticket, Place("Orders", timezone.now() + timedelta(seconds=1)))
        assert ticket.placed_by == "rule"

    def test_an_echo_that_comes_before_the_answer_is_known_too(self, house, rule, agent, other_team):
        ticket = house()
        labelling.correct_intent(ticket, agent, "theft")
        WriteBack.objects.update(state="sending", attempts=1, claimed_at=timezone.now())
        Ticket.objects.update(team=other_team, placed_by="person")  # a person has moved it on meanwhile
        ticket.refresh_from_db()
        assert not groups.hear(ticket, Place("Orders", timezone.now()))
        assert (ticket.team, ticket.placed_by) == (other_team, "person")

    def test_a_colleague_who_moves_it_in_the_helpdesk_later_is_heard_and_not_told(self, house, rule, agent, other_team):
        ticket = house()
        route(ticket, agent)
        ticket.refresh_from_db()
        assert groups.hear(ticket, Place("Billing", timezone.now() + timedelta(minutes=1)))
        assert (ticket.team, ticket.placed_by) == (other_team, "helpdesk")
        assert tell().state == "done" and WriteBack.objects.count() == 1


def zammad(group, article=None, moment="2026-03-03T10:05:00Z"):
    """A Zammad webhook for ticket 7, which lies in `group`."""
    ticket = {"id": 7, "number": "7", "title": "T", "group": {"id": 2, "name": group}, "updated_at": moment}
    return json.dumps({"ticket": ticket, "article": article or {}}).encode()


def deliver(client, slug, body, name, headers=None):
    """Send a webhook and work through it; the delivery."""
    post(client, slug, body, headers or zammad_headers(body, SECRET, name))
    delivery = Delivery.objects.get(external_id=name)
    deliveries.process(delivery.pk)
    delivery.refresh_from_db()
    return delivery


class TestWebhooks:
    def test_zammad_says_that_a_ticket_changed_its_group(self, client, house, team, other_team):
        house(team=team, placed_by="rule")
        assert deliver(client, "zammad", zammad("Users"), "1").state == "ignored"
        assert deliver(client, "zammad", zammad("Billing"), "2").state == "done"
        ticket = Ticket.objects.get()
        assert (ticket.team, ticket.placed_by, ticket.messages.count()) == (other_team, "helpdesk", 0)

    def test_an_internal_note_that_hands_a_ticket_over_is_heard(self, client, house, team, other_team):
        house(team=team, placed_by="rule")
        note = {"id": 1, "internal": True, "sender": "Agent", "body": "please take over", "created_at": FIRST}
        assert deliver(client, "zammad", zammad("Users", note), "1").reason == "an internal note"
        deliver(client, "zammad", zammad("Billing", note), "2")
        ticket = Ticket.objects.get()
        assert ticket.team == other_team and not ticket.messages.exists()

    def test_a_message_says_it_too(self, client, house, team, other_team, machine):
        house(team=team, placed_by="rule")
        message = {"id": 1, "sender": "Customer", "body": "Hello?", "content_type": "text/plain", "created_at": FIRST}
        assert deliver(client, "zammad", zammad("Billing", message), "1").state == "done"
        ticket = Ticket.objects.get()
        assert (ticket.team, ticket.messages.count()) == (other_team, 1)

    def test_a_ticket_that_we_do_not_know_is_not_made_from_it(self, client, house, team):
        house()
        Ticket.objects.update(external_id="another")
        assert deliver(client, "zammad", zammad("Billing"), "1").state == "ignored"
        assert Ticket.objects.count() == 1

    def test_standard_webhooks_say_it_by_a_team(self, client, house, team, other_team, machine):
        house("standard", team=team, placed_by="rule")
        data = payload(ticket="7")
        data["type"] = "ticket.updated"
        del data["data"]["message"]
        data["data"]["ticket"]["team"] = "Billing"
        post(client, "standard", data)
        delivery = Delivery.objects.get()
        deliveries.process(delivery.pk)
        ticket = Ticket.objects.get()
        assert (ticket.team, ticket.placed_by, ticket.group) == (other_team, "helpdesk", "Billing")

    @pytest.mark.parametrize("team_name", [None, 7, ["x"], {"name": "Billing"}, "", "x" * 500, True])
    def test_nonsense_for_a_team_is_survived(self, client, house, team, team_name):
        house("standard", team=team)
        data = payload(ticket="7")
        data["type"] = "ticket.updated"
        data["data"]["ticket"]["team"] = team_name
        post(client, "standard", data)
        deliveries.process(Delivery.objects.get().pk)
        assert Delivery.objects.get().state == "ignored" and Ticket.objects.get().team == team
