"""What a rule, an order or a deletion would do is shown before it is done, and showing does nothing."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import MakeTicket, SignedIn
from tickets import routing, trying
from tickets.models import RoutingRule, Team, Ticket, User


@pytest.fixture
def admin(administrator: User, signed_in: SignedIn) -> Client:
    return signed_in(administrator)


@pytest.fixture
def everything(team: Team) -> RoutingRule:
    """A rule that takes every ticket."""
    return RoutingRule.objects.create(name="Everything", team=team, position=1)


@pytest.fixture
def tickets(make_ticket: MakeTicket) -> None:
    """Three thefts in English, two returns in French, one theft that a person has placed."""
    for place in range(3):
        make_ticket(f"stolen {place}", intent="theft")
    for place in range(2):
        make_ticket(f"retour {place}", language="fr")
    make_ticket("placed by hand", intent="theft", placed_by="person")


def said(chosen: Team, /, **fields: object) -> dict[str, object]:
    return {"name": "Thefts", "team": chosen.pk, "intents": ["theft"], "place": "0", **fields}


def attempt(client: Client, data: dict[str, object]) -> str:
    before = list(RoutingRule.objects.values()), list(Ticket.objects.order_by("pk").values())
    answer = client.post(reverse("try_rule"), data, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert before == (list(RoutingRule.objects.values()), list(Ticket.objects.order_by("pk").values()))
    return " ".join(answer.content.decode().split())


def test_a_new_rule_says_how_many_it_would_have_moved_and_which(admin, everything, tickets, other_team: Team):
    page = attempt(admin, said(other_team))
    assert "This rule would have moved 3 of the last 6 tickets." in page
    assert "Orders → <b>Billing</b>" in page and "stolen 0" in page and "retour" not in page
    assert "1 more stays where a person or the helpdesk has placed it." in page
    assert "4 tickets meet its conditions." in page


def test_an_earlier_rule_takes_what_a_later_one_would(admin, everything, tickets, other_team: Team):
    page = attempt(admin, said(other_team, place="1"))
    assert "This rule would have moved 0 of the last 6 tickets." in page
    assert "4 of them are taken by rules that are asked before." in page


def test_a_rule_that_is_changed_is_compared_with_itself(admin, everything, tickets, team: Team, other_team: Team):
    changed = said(other_team, rule=everything.pk, intents=[])
    assert "moved 5 of the last 6" in attempt(admin, changed)
    same = said(team, rule=everything.pk, intents=[], tags="vip")
    page = attempt(admin, same)
    assert "moved 0 of the last 6" in page and "5 more would have kept their team and got another priority" in page


def test_without_the_rule_nothing_else_takes_them(everything, tickets):
    trial = trying.compare(trying.newest(), routing.rules(), [])
    [path] = trial.paths
    assert (trial.moved, path.target, path.count, len(path.examples)) == (5, None, 5, trying.EXAMPLES)


def test_what_is_not_right_yet_is_said_in_place_of_numbers(admin, tickets, team: Team):
    page = attempt(admin, said(team, team="", requester="example.com"))
    assert "Choose the team that shall get these tickets." in page and "“example.com” is no address" in page
    assert "moved" not in page


def test_without_a_ticket_there_is_nothing_to_try(admin, team: Team):
    assert "no ticket yet" in attempt(admin, said(team, intents=[]))


def test_only_the_newest_are_tried_and_in_few_queries(
    make_ticket, team, everything, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(trying, "NEWEST", 20)
    for place in range(25):
        make_ticket(f"t{place}", minutes=place)
    with django_assert_max_num_queries(4):
        cases = trying.newest()
        trial = trying.compare(cases, [], routing.rules())
    assert trial.moved == 20 and {case.ticket.subject for case in cases} == {f"t{place}" for place in range(20)}


class TestPages:
    def test_a_rule_is_added_with_all_that_it_asks_and_gives(self, admin: Client, team: Team, tickets):
        data = said(
            team, language="fr", urgency="high", requester="@Example.org, a@b.example", hours="outside",
            field_name="amount", field_test="at_least", field_value="250", confidence="70", priority="high",
            tags="vip, night ,vip",
        )  # fmt: skip
        answer = admin.post(reverse("new_rule"), data, follow=True)
        rule = RoutingRule.objects.get()
        assert (rule.intents, rule.language, rule.urgency, rule.hours) == (["theft"], "fr", "high", "outside")
        assert (rule.requester, rule.confidence) == ("@example.org, a@b.example", 0.7)
        assert (rule.field_name, rule.field_test, rule.field_value) == ("amount", "at_least", "250")
        assert (rule.priority, rule.tags, rule.position) == ("high", ["vip", "night"], 1)
        page = " ".join(answer.content.decode().split())
        for words in ("Theft", "French", "from @example.org", "amount is at least 250", "at least 70 % sure"):
            assert words in page, words
        form = admin.get(reverse("rule", args=[rule.pk])).content.decode()
        assert 'value="70"' in form and 'value="vip, night"' in form and "checked" in form

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"name": ""}, "Give the rule a name"),
            ({"team": ""}, "Choose the team"),
            ({"team": "99999"}, "That team is gone"),
            ({"field_name": "order"}, "Choose what the field must be"),
            ({"field_test": "present"}, "Name the field"),
            ({"field_name": "a", "field_test": "at_least", "field_value": "much"}, "Write a number to compare with"),
            ({"field_name": "a", "field_test": "equals"}, "Write what the field must hold"),
            ({"confidence": "101"}, "from 0 to 100"),
            ({"confidence": "high"}, "whole number"),
            ({"tags": ",".join(map(str, range(11)))}, "At most ten tags"),
            ({"requester": "@"}, "is no address"),
        ],
    )
    def test_errors_say_what_to_do(self, admin: Client, team: Team, tickets, wrong: dict[str, str], words: str):
        answer = admin.post(reverse("new_rule"), said(team, **wrong))
        assert answer.status_code == 422 and words in answer.content.decode()
        assert not RoutingRule.objects.exists()

    def test_a_rule_stands_where_it_was_put(self, admin: Client, team: Team, everything: RoutingRule, tickets):
        admin.post(reverse("new_rule"), said(team))
        assert order() == ["Thefts", "Everything"]
        admin.post(reverse("rule", args=[everything.pk]), said(team, name="All", intents=[], place="0"))
        assert order() == ["All", "Thefts"]

    def test_an_order_is_tried_first_and_kept_by_a_button(self, admin: Client, other_team: Team, everything, tickets):
        thefts = RoutingRule.objects.create(name="Thefts", intents=["theft"], team=other_team, position=2)
        wanted = f"{thefts.pk},{everything.pk}"
        page = admin.get(reverse("rules")).content.decode()
        assert (
            f'href="/admin/rules/?order={wanted}"' in page and "6 of the last 6" in page and "0 of the last 6" in page
        )
        page = admin.get(reverse("rules"), {"order": wanted}).content.decode()
        assert "This order would have moved 3 of the last 6 tickets." in page and "Keep this order" in page
        assert order() == ["Everything", "Thefts"]
        admin.post(reverse("order_rules"), {"order": wanted})
        assert order() == ["Thefts", "Everything"]

    def test_an_order_of_other_rules_than_there_are_is_refused(self, admin: Client, everything, team: Team):
        for bad in ("", "1,2,3", f"{everything.pk},{everything.pk}", "x"):
            answer = admin.post(reverse("order_rules"), {"order": bad}, follow=True)
            assert "have changed meanwhile" in answer.content.decode()
            assert admin.get(reverse("rules"), {"order": bad}).status_code == 200

    def test_rules_that_share_a_position_still_get_an_order(self, admin: Client, team: Team):
        RoutingRule.objects.bulk_create([RoutingRule(name=name, team=team, position=0) for name in ("a", "b", "c")])
        keys = {rule.name: str(rule.pk) for rule in RoutingRule.objects.all()}
        admin.post(reverse("order_rules"), {"order": ",".join(keys[name] for name in "acb")})
        assert order() == ["a", "c", "b"]

    def test_deleting_asks_and_says_what_would_have_been(self, admin: Client, everything: RoutingRule, tickets):
        address = reverse("delete_rule", args=[everything.pk])
        page = admin.get(address).content.decode()
        assert "Without this rule, 5 of the last 6 tickets would have gone elsewhere." in page
        assert RoutingRule.objects.exists()
        admin.post(address)
        assert not RoutingRule.objects.exists()

    def test_a_rule_is_switched_off_and_on(self, admin: Client, everything: RoutingRule, tickets):
        address = reverse("switch_rule", args=[everything.pk])
        assert "Switch it on to have it back" in admin.post(address, follow=True).content.decode()
        assert not RoutingRule.objects.get().is_active
        admin.post(address)
        assert RoutingRule.objects.get().is_active

    def test_what_waits_without_a_team_is_placed_by_a_button(self, admin: Client, everything, make_ticket):
        waiting, unsure = make_ticket("waits", team=None), make_ticket("unsure", team=None, triage="unsure")
        answered, taken_out = (
            make_ticket("done", team=None, state="answered"),
            make_ticket(team=None, placed_by="person"),
        )
        assert "1 open ticket waits without a team" in admin.get(reverse("rules")).content.decode()
        answer = admin.post(reverse("place_waiting"), follow=True).content.decode()
        assert "1 ticket has a team now." in answer and "waits without a team" not in answer
        waiting.refresh_from_db()
        assert (waiting.team, waiting.placed_by, waiting.routed_by) == (everything.team, "rule", "Everything")
        for ticket in (unsure, answered, taken_out):
            ticket.refresh_from_db()
            assert ticket.team is None, ticket.subject

    def test_a_french_administrator_reads_french(self, admin: Client, administrator, other_team, everything, tickets):
        administrator.language = "fr"
        administrator.save()
        page = attempt(admin, said(other_team))
        assert "Cette règle aurait déplacé 3 des 6 derniers tickets." in page
        assert "tout ticket" in admin.get(reverse("rules")).content.decode()
        assert "Heures d’ouverture" in admin.get(reverse("teams")).content.decode()

    def test_without_a_rule_the_page_says_what_to_do(self, admin: Client):
        assert "Add the first one" in admin.get(reverse("rules")).content.decode()


def order() -> list[str]:
    return list(RoutingRule.objects.values_list("name", flat=True))
