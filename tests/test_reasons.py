"""Why a ticket has its intent: the words, the nearest past tickets, and who may see them; what else it asks about."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.conftest import MakeTicket, SignedIn
from tickets import lesson, reasons, renaming, versions
from tickets.helpdesks.base import Event
from tickets.intake import take_in
from tickets.models import Ticket, TrainingRow, TrainingVector, User
from tickets.past import nearest
from tickets.remembered import remember

ROWS = {
    "refund": ("I want my money back", "refund the invoice please", "money back for this invoice", "a refund please"),
    "login": ("my password is locked", "cannot login to my account", "account password forgotten", "login locked"),
}


@pytest.fixture
def taught(machine, filled):
    """A model that knows two intents, with the vectors of what it learned."""
    for intent, texts in ROWS.items():
        for opening in ("Hello", "Well", "So", "Please"):
            TrainingRow.objects.bulk_create(
                [
                    TrainingRow(text=f"{opening} {text}", intent=intent, language="en", origin="imported")
                    for text in texts
                ]
            )
    return versions.retrain()


def keep_vectors(embedder):
    remember(lesson.read(), embedder, lambda *_: None)


def event(body):
    return Event(
        ticket_id="77", number="77", subject="Two things", requester_name="Ann", requester_email="", message_id="1",
        author="requester", author_name="Ann", body=body, is_html=False, sent_at=timezone.now(),
    )  # fmt: skip


def why(client, ticket):
    return client.get(reverse("why", args=[ticket.pk])).content.decode()


def test_the_words_and_the_nearest_tickets_are_shown(taught, make_ticket: MakeTicket, agent: User, signed_in: SignedIn):
    ticket = make_ticket("Help", body="yesterday my password was locked", intent="login")
    page = why(signed_in(agent), ticket)
    assert '<li class="chip">password</li>' in page
    assert "yesterday</li>" not in page
    assert "my password is locked" in page


def test_a_past_ticket_of_another_team_is_not_shown(
    taught, machine, make_ticket: MakeTicket, other_team, agent: User, manager: User
):
    theirs = make_ticket("Theirs", body="secret password locked for good", intent="login", team=other_team)
    row = TrainingRow.objects.create(
        ticket=theirs, text="secret password locked for good", intent="login", language="en", origin="agent"
    )
    keep_vectors(machine.embedder())
    ours = make_ticket("Ours", body="password locked for good", intent="login")
    seen = {
        user.username: [past.text for past in nearest(machine.embedder(), reasons.text_of(ours), user, but=ours)]
        for user in (agent, manager)
    }
    assert row.text not in seen[agent.username]
    assert row.text in seen[manager.username]


def test_a_ticket_is_no_reason_for_itself(taught, machine, make_ticket: MakeTicket, agent: User):
    ticket = make_ticket("Mine", body="something unlike the rest", intent="login")
    TrainingRow.objects.create(
        ticket=ticket, text="Mine something unlike the rest", intent="login", language="en", origin="agent"
    )
    keep_vectors(machine.embedder())
    found = nearest(machine.embedder(), reasons.text_of(ticket), agent, but=ticket)
    assert found and ticket.pk not in {past.ticket for past in found}


def test_before_the_first_training_nothing_is_claimed(db, make_ticket: MakeTicket, agent: User, signed_in: SignedIn):
    assert "No single word speaks for this intent" in why(signed_in(agent), make_ticket())


def test_a_renamed_intent_keeps_its_reasons(
    taught, make_ticket: MakeTicket, agent: User, manager: User, signed_in: SignedIn
):
    ticket = make_ticket("Help", body="yesterday my password was locked", intent="login")
    renaming.change("login", "access", manager)
    page = why(signed_in(agent), Ticket.objects.get(pk=ticket.pk))
    assert "Access" in page and '<li class="chip">password</li>' in page


def test_outsiders_do_not_learn_of_the_ticket(taught, make_ticket: MakeTicket, outsider: User, signed_in: SignedIn):
    assert signed_in(outsider).get(reverse("why", args=[make_ticket().pk])).status_code == 404


def test_an_erased_row_is_no_reason_any_more(taught, machine, make_ticket: MakeTicket, agent: User):
    ticket = make_ticket("Help", body="my password is locked", intent="login")
    TrainingRow.objects.all().delete()
    assert TrainingVector.objects.count() == 0
    assert nearest(machine.embedder(), reasons.text_of(ticket), agent, but=ticket) == ()


def test_what_else_is_asked_and_how_it_is_taken(taught, helpdesk, agent: User, signed_in: SignedIn):
    said = "My account password is locked again. And I want my money back for this invoice. This is unacceptable."
    ticket = Ticket.objects.get(pk=take_in(helpdesk, event(said)).pk)
    assert {ticket.intent, *ticket.further} == {"login", "refund"}
    assert ticket.sentiment == "negative"
    page = signed_in(agent).get(reverse("ticket", args=[ticket.pk])).content.decode()
    assert "displeased" in page and "also: " in page
