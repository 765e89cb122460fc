"""Tickets of a team that wants it go to whoever has the least to do; agents move tickets, and take that back."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.conftest import MakeTicket, SignedIn, person
from tickets import assignment, moving
from tickets.models import Move, RoutingRule, Team, Ticket, User


@pytest.fixture
def busy(team: Team) -> Team:
    team.assigns_by_load = True
    team.save()
    return team


def give(ticket: Ticket) -> User | None:
    with transaction.atomic():
        assignment.assign(ticket)
    ticket.refresh_from_db()
    return ticket.assignee


def test_the_member_with_the_fewest_open_tickets_gets_it(busy, agent, teammate, outsider, make_ticket: MakeTicket):
    for _ in range(2):
        make_ticket(assignee=agent)
    make_ticket(assignee=teammate)
    for _ in range(5):
        make_ticket(assignee=teammate, state="answered")  # what is answered is no load
    assert give(make_ticket()) == teammate


def test_of_equals_the_one_longest_without_a_new_ticket(busy, agent, teammate, make_ticket: MakeTicket):
    now = timezone.now()
    make_ticket(assignee=agent, assigned_at=now - timedelta(hours=2))
    make_ticket(assignee=teammate, assigned_at=now - timedelta(hours=1))
    assert give(make_ticket()) == agent
    third = person("Cleo")
    busy.members.add(third)
    make_ticket(assignee=third)  # nobody knows when: longest ago
    assert assignment.least_loaded(busy) == third


def test_who_is_away_or_has_left_gets_none(busy, agent, teammate, make_ticket: MakeTicket):
    User.objects.filter(pk=agent.pk).update(is_away=True)
    assert give(make_ticket()) == teammate
    User.objects.filter(pk=teammate.pk).update(is_active=False)
    assert give(make_ticket()) is None


def test_without_the_setting_and_for_a_taken_ticket_nothing_happens(team, agent, teammate, make_ticket: MakeTicket):
    assert give(make_ticket()) is None
    Team.objects.update(assigns_by_load=True)
    assert give(make_ticket(assignee=teammate)) == teammate


def test_who_takes_it_a_moment_before_keeps_it(busy, agent, teammate, make_ticket: MakeTicket):
    ticket = make_ticket()
    Ticket.objects.filter(pk=ticket.pk).update(assignee=teammate)
    make_ticket(assignee=teammate)
    assert give(ticket) == teammate


def test_a_rule_that_routes_assigns(busy, agent, make_ticket: MakeTicket):
    from tickets import labelling

    RoutingRule.objects.create(name="all", team=busy)
    ticket = make_ticket(team=None)
    labelling.correct_intent(ticket, agent, "theft")
    ticket.refresh_from_db()
    assert ticket.assignee == agent and ticket.assigned_at


@pytest.mark.django_db(transaction=True)
def test_tickets_that_come_at_once_are_shared_out(busy, agent, teammate, make_ticket: MakeTicket):
    tickets = [make_ticket() for _ in range(6)]
    barrier = threading.Barrier(6)

    def work(pk: int) -> None:
        try:
            with transaction.atomic():
                ticket = Ticket.objects.select_for_update(of=("self",)).select_related("team").get(pk=pk)
                barrier.wait(timeout=10)
                assignment.assign(ticket)
                ticket.save()
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[ticket.pk]) for ticket in tickets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Ticket.objects.filter(assignee=agent).count() == Ticket.objects.filter(assignee=teammate).count() == 3


class TestMoving:
    def test_a_ticket_that_is_moved_out_of_sight_leads_on_and_can_be_taken_back(
        self, agent, team, other_team, make_ticket: MakeTicket, signed_in: SignedIn
    ):
        rule = RoutingRule.objects.create(name="r", team=team)
        ticket = make_ticket("leaving", minutes=9, placed_by="rule", rule=rule, routed_by="r", assignee=agent)
        staying = make_ticket("staying", minutes=3)
        client = signed_in(agent)
        answer = client.post(reverse("move", args=[ticket.pk]), {"team": other_team.pk}, follow=True)
        ticket.refresh_from_db()
        assert (ticket.team, ticket.placed_by, ticket.routed_by, ticket.assignee) == (other_team, "person", "", None)
        page = answer.content.decode()
        assert answer.redirect_chain[0][0].startswith(reverse("ticket", args=[staying.pk]))
        assert "#1000 is with Billing now" in page
        client.post(reverse("undo_move", args=[Move.objects.get().pk]))
        ticket.refresh_from_db()
        assert (ticket.team, ticket.placed_by, ticket.routed_by, ticket.assignee) == (team, "rule", "r", agent)
        assert ticket.rule == rule and not Move.objects.exists()

    def test_the_desk_says_how_the_ticket_came_here(self, agent, team, make_ticket, signed_in):
        ticket = make_ticket(placed_by="rule", routed_by="Stolen", priority="high", tags=["vip"])
        client, address = signed_in(agent), reverse("ticket", args=[ticket.pk])
        page = client.get(address).content.decode()
        assert "rule “Stolen”" in page and "high priority" in page and ">vip<" in page
        Ticket.objects.update(placed_by="helpdesk", routed_by="")
        assert "by the helpdesk" in client.get(address).content.decode()

    def test_nobody_takes_back_what_another_moved_or_what_has_been_moved_since(
        self, agent, teammate, team, other_team, make_ticket: MakeTicket, signed_in: SignedIn
    ):
        ticket = make_ticket()
        done = moving.move(ticket, agent, other_team)
        assert signed_in(teammate).post(reverse("undo_move", args=[done.pk])).status_code == 404
        Ticket.objects.update(team=team, placed_by="helpdesk")
        answer = signed_in(agent).post(reverse("undo_move", args=[done.pk]), follow=True)
        assert "Too late to take back" in answer.content.decode()
        assert Ticket.objects.get().placed_by == "helpdesk"

    def test_after_a_while_it_is_too_late(self, agent, other_team, make_ticket, signed_in: SignedIn):
        done = moving.move(make_ticket(), agent, other_team)
        Move.objects.update(created_at=timezone.now() - moving.UNDO)
        assert signed_in(agent).post(reverse("undo_move", args=[done.pk])).status_code == 404

    def test_without_a_team_the_rules_decide_again(self, agent, team, other_team, make_ticket, signed_in: SignedIn):
        RoutingRule.objects.create(name="back", team=team)
        ticket = make_ticket(placed_by="person")
        signed_in(agent).post(reverse("move", args=[ticket.pk]), {"team": ""})
        ticket.refresh_from_db()
        assert (ticket.team, ticket.placed_by, ticket.routed_by) == (team, "rule", "back")

    def test_a_team_that_is_gone_is_said(self, agent, make_ticket, signed_in: SignedIn):
        ticket = make_ticket()
        answer = signed_in(agent).post(reverse("move", args=[ticket.pk]), {"team": "99999"})
        assert answer.status_code == 422 and "That team is gone" in answer.content.decode()

    def test_an_unsure_ticket_that_was_placed_is_its_teams(self, outsider, agent, other_team, make_ticket):
        from tickets.access import visible_tickets

        ticket = make_ticket(triage="unsure", team=None)
        moving.move(ticket, agent, other_team)
        assert not visible_tickets(agent).exists() and visible_tickets(outsider).get() == ticket


def test_what_a_rule_ranks_stands_above_what_words_sound_like(agent: User, make_ticket: MakeTicket):
    from tickets import queues

    make_ticket("low", minutes=90, priority="low", urgency="high")
    make_ticket("plain", minutes=60)
    make_ticket("urgent", minutes=30, urgency="high")
    make_ticket("ranked", minutes=20, priority="high")
    rows = queues.load(agent, queues.Wanted("team")).tickets
    assert [ticket.subject for ticket in rows] == ["urgent", "ranked", "plain", "low"]


def test_an_agent_says_that_they_are_away(agent: User, signed_in: SignedIn):
    client: Client = signed_in(agent)
    client.post(reverse("preferences"), {"language": "en", "theme": "dark", "is_away": "on"})
    agent.refresh_from_db()
    assert agent.is_away and "checked" in client.get(reverse("preferences")).content.decode()
