"""The queue shows the right tickets in the right order, and its counts agree with its lists."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from tests.conftest import MakeDraft, MakeTicket
from tickets import queues
from tickets.models import Draft, Message, Team, Ticket, User
from tickets.queues import Wanted


def shown(user: User, view: str, search: str = "") -> list[str]:
    return [ticket.subject for ticket in queues.load(user, Wanted(view, search)).tickets]


@pytest.fixture
def world(make_ticket: MakeTicket, make_draft: MakeDraft, agent: User, teammate: User, other_team: Team) -> None:
    make_ticket("mine", assignee=agent)
    make_ticket("a colleague's", assignee=teammate)
    make_ticket("theirs", team=other_team)
    make_ticket("unsure", team=other_team, triage="unsure")
    make_ticket("homeless", team=None)
    make_draft(make_ticket("gap"), Draft.State.ABSTAINED)
    make_ticket("done", state=Ticket.State.ANSWERED)


@pytest.mark.parametrize(
    ("view", "subjects"),
    [
        ("mine", {"mine"}),
        ("team", {"mine", "a colleague's", "gap"}),
        ("triage", {"unsure", "homeless"}),
        ("abstained", {"gap"}),
        ("all", {"mine", "a colleague's", "gap", "unsure", "homeless"}),
    ],
)
def test_each_view_and_its_count(world: None, agent: User, view: str, subjects: set[str]):
    queue = queues.load(agent, Wanted(view))
    assert {ticket.subject for ticket in queue.tickets} == subjects
    assert {tab.view: tab.count for tab in queue.tabs}[view] == len(subjects)


def test_urgent_first_then_who_has_waited_longest(make_ticket: MakeTicket, agent: User):
    make_ticket("old", minutes=90)
    make_ticket("new", minutes=1)
    make_ticket("urgent", minutes=5, urgency="high")
    assert shown(agent, "team") == ["urgent", "old", "new"]


def test_a_reminder_does_not_lose_the_place_but_an_answer_does(make_ticket: MakeTicket, agent: User):
    reminded, answered = make_ticket("reminded", minutes=90), make_ticket("answered", minutes=120)
    make_ticket("between", minutes=60)
    say(reminded, "requester", 2)
    say(answered, "agent", 100)
    say(answered, "requester", 3)
    assert shown(agent, "team") == ["reminded", "between", "answered"]


def say(ticket: Ticket, author: str, minutes: int) -> None:
    moment = timezone.now() - timedelta(minutes=minutes)
    Message.objects.create(ticket=ticket, external_id=f"{author}{minutes}", author=author, sent_at=moment)


def test_a_search_finds_answered_tickets_by_subject_number_and_requester(make_ticket: MakeTicket, agent: User):
    make_ticket("Firmware", number="777", state="answered", requester_name="Jo Park", requester_email="jo@mail.example")
    make_ticket("other")
    for words in ("firmw", "777", "#777", "park", "jo@mail"):
        assert shown(agent, "all", words) == ["Firmware"], words
    assert shown(agent, "all", "100%_") == []


def test_the_newest_draft_says_the_state(make_ticket: MakeTicket, make_draft: MakeDraft, agent: User):
    ticket = make_ticket()
    make_draft(ticket, Draft.State.SUPERSEDED)
    make_draft(ticket, Draft.State.WORKING)
    [item] = queues.load(agent, Wanted("team")).tickets
    assert item.draft_state == "working"  # type: ignore[attr-defined]


def test_fifty_at_first_and_more_on_request(make_ticket: MakeTicket, agent: User):
    for _ in range(52):
        make_ticket()
    first = queues.load(agent, Wanted("team"))
    assert (len(first.tickets), first.has_more) == (50, True)
    second = queues.load(agent, queues.read(QueryDict(first.wanted.more), agent))
    assert (len(second.tickets), second.has_more) == (52, False)


def test_the_next_ticket_is_the_one_below_and_the_first_after_the_last(make_ticket: MakeTicket, agent: User):
    one, two, three = (make_ticket(minutes=minutes) for minutes in (30, 20, 10))
    wanted = Wanted("team")
    assert queues.after(agent, wanted, one.pk) == two.pk
    assert queues.after(agent, wanted, three.pk) == one.pk
    Ticket.objects.exclude(pk=one.pk).delete()
    assert queues.after(agent, wanted, one.pk) is None


def test_an_unknown_view_is_the_persons_own(agent: User, manager: User):
    assert queues.read(QueryDict("view=nonsense&shown=x"), agent) == Wanted("team")
    assert queues.read(QueryDict(""), manager).view == "all"


def test_news_is_a_newer_draft_of_a_ticket_that_one_may_see(
    draft: Draft, make_draft: MakeDraft, agent: User, outsider: User
):
    seen = (str(draft.ticket_id), str(draft.pk))
    assert not queues.has_news(agent, *seen)
    Draft.objects.update(state=Draft.State.SUPERSEDED)
    make_draft(draft.ticket)
    assert queues.has_news(agent, *seen)
    assert not queues.has_news(outsider, *seen)
    assert not queues.has_news(agent, "", "x")
