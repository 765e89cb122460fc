"""The desk as an agent sees it: queue, conversation, draft column; as a page and in parts."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import MakeTicket, SignedIn, says
from tickets.models import Draft, Message, Team, Ticket, TrainingRow, User

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def page(client: Client, address: str, **headers: str) -> str:
    answer = client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_an_empty_desk_says_what_to_do_next(agent: User, signed_in: SignedIn):
    assert "Have a look at triage" in page(signed_in(agent), "/")


def test_the_first_ticket_is_open_at_once(draft: Draft, agent: User, signed_in: SignedIn):
    desk = page(signed_in(agent), "/")
    assert "Sending it back" in desk and "My team" in desk
    assert "1 of 1 fact checked" in desk and "Approve and send" in desk


def test_a_fact_leads_to_the_words_it_stands_on(draft: Draft, agent: User, signed_in: SignedIn):
    desk = page(signed_in(agent), reverse("ticket", args=[draft.ticket_id]))
    citation = draft.citations.get()
    address = f"?p=0&amp;from={citation.start}&amp;to={citation.end}#p0"
    assert f'href="/articles/{citation.passage.version.article_id}/v1/{address}"' in desk
    assert '<mark data-e="1">The collection costs £39.</mark>' in desk
    assert "Orders › Return a bike" in desk


def test_agents_read_the_originals_marked_as_masked(draft: Draft, agent: User, signed_in: SignedIn):
    desk = page(signed_in(agent), reverse("ticket", args=[draft.ticket_id]))
    assert '<span class="mask" title="Masked from the model">4242</span>' in desk
    assert 'Hello <span class="mask" title="Masked from the model">Camille</span>,' in desk
    assert "[PERSON_1]" not in desk


def test_the_cut_off_part_of_a_message_is_one_click_away(ticket: Ticket, agent: User, signed_in: SignedIn):
    ticket.messages.update(hidden="Sent from my phone")
    desk = page(signed_in(agent), reverse("ticket", args=[ticket.pk]))
    assert re.search(r"<details class=\"rest\"><summary>.*?</summary><p>Sent from my phone</p></details>", desk)


def test_htmx_gets_the_part_it_asks_for(draft: Draft, agent: User, signed_in: SignedIn):
    client, address = signed_in(agent), reverse("ticket", args=[draft.ticket_id])
    work = page(client, address, HX_Request="true", HX_Target="work")
    assert work.lstrip().startswith('<div id="work"') and 'class="queue"' not in work
    desk = page(client, address, HX_Request="true", HX_Target="desk")
    assert 'id="desk"' in desk and "<html" not in desk
    whole = page(client, address, HX_Request="true", HX_Target="desk", HX_History_Restore_Request="true")
    assert "<html" in whole


def test_the_queue_refreshes_alone_and_knows_what_is_open(draft: Draft, agent: User, signed_in: SignedIn, make_draft):
    client, address = signed_in(agent), f"{reverse('queue')}?ticket={draft.ticket_id}&draft={draft.pk}"
    queue = page(client, address)
    assert 'aria-current="true"' in queue and "A newer draft is here" not in queue
    Draft.objects.update(state=Draft.State.SUPERSEDED)
    make_draft(draft.ticket)
    assert "A newer draft is here" in page(client, address)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("pending", "waiting for a worker"),
        ("working", "drafting…"),
        ("failed", "Try again"),
        ("abstained", "The knowledge base does not answer this"),
        ("superseded", "superseded"),
    ],
)
def test_every_state_of_a_draft_is_told(ticket, make_draft, agent, signed_in, state: str, words: str):
    make_draft(ticket, state, reason="nothing_found")
    assert words in page(signed_in(agent), reverse("ticket", args=[ticket.pk]))


def test_a_waiting_draft_polls_and_a_ready_one_announces_itself(draft: Draft, agent: User, signed_in: SignedIn):
    client, address = signed_in(agent), reverse("draft_panel", args=[draft.pk])
    Draft.objects.update(state=Draft.State.WORKING)
    assert 'hx-trigger="every 700ms"' in page(client, address)
    Draft.objects.update(state=Draft.State.READY)
    ready = page(client, address)
    assert "every 700ms" not in ready
    assert re.search(r'id="live"[^>]*aria-live="polite"[^>]*>Draft ready: 1 of 1 fact checked', ready)


def test_weak_and_bare_sentences_are_never_shown_as_checked(ticket, make_draft, agent, signed_in):
    make_draft(ticket, "ready", says("One."), says("Two.", verdict="weak"), says("Three.", verdict="unsupported"))
    desk = page(signed_in(agent), reverse("ticket", args=[ticket.pk]))
    assert "1 of 3 facts checked · 1 weak · 1 without support" in desk
    assert 'class="pill bad"' in desk and "No passage supports this" in desk


def test_what_customers_and_models_write_is_text(make_ticket, make_draft, agent: User, signed_in: SignedIn):
    ticket = make_ticket(ATTACK, body=f"{ATTACK} 4242", requester_name=ATTACK, number=ATTACK)
    ticket.remember({"[CARD_1]": "4242", "[PERSON_1]": ATTACK})
    ticket.save()
    ticket.messages.update(hidden=ATTACK, author_name=ATTACK)
    make_draft(ticket, "ready", says(f"{ATTACK} [PERSON_1]"), says(ATTACK, "closing", block=1), hint=ATTACK)
    desk = page(signed_in(agent), reverse("ticket", args=[ticket.pk]))
    assert "<script>alert" not in desk and "<img" not in desk
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in desk


def test_the_desk_takes_a_bounded_number_of_queries_with_fifty_tickets(
    make_ticket: MakeTicket, make_draft, draft: Draft, agent: User, signed_in, django_assert_max_num_queries
):
    for _ in range(50):
        make_draft(make_ticket(minutes=5))
    client = signed_in(agent)
    with django_assert_max_num_queries(18):  # two of them tell the audit of the view
        client.get(reverse("ticket", args=[draft.ticket_id]))


def test_taking_a_ticket_and_giving_it_back(ticket: Ticket, agent: User, teammate: User, signed_in: SignedIn):
    client, address = signed_in(agent), reverse("assign", args=[ticket.pk])
    client.post(address)
    assert Ticket.objects.get().assignee == agent
    client.post(address)
    assert Ticket.objects.get().assignee is None


def test_correcting_the_intent(ticket: Ticket, agent: User, signed_in: SignedIn):
    Ticket.objects.update(triage="unsure", intent="theft", confidence=0.34)
    client = signed_in(agent)
    assert "Is this <b>Theft</b>?" in page(client, reverse("ticket", args=[ticket.pk]))
    client.post(reverse("set_intent", args=[ticket.pk]), {"intent": " order_status "})
    ticket.refresh_from_db()
    assert (ticket.intent, ticket.triage) == ("order_status", "person")
    assert client.post(reverse("set_intent", args=[ticket.pk]), {"intent": ""}).status_code == 422


def test_a_ticket_routed_out_of_sight_leads_to_the_next_one(make_ticket, agent, other_team: Team, signed_in: SignedIn):
    from tickets.models import RoutingRule

    RoutingRule.objects.create(name="billing", intents=["billing_invoice"], team=other_team)
    leaving, staying = make_ticket("leaving", minutes=9), make_ticket("staying", minutes=3)
    answer = signed_in(agent).post(reverse("set_intent", args=[leaving.pk]), {"intent": "billing_invoice"}, follow=True)
    assert answer.redirect_chain[0][0].startswith(reverse("ticket", args=[staying.pk]))
    assert "Routed to Billing" in answer.content.decode()


def test_an_intent_is_taken_back_by_the_toast_or_the_button(ticket, agent, signed_in: SignedIn):
    Ticket.objects.update(triage="unsure", intent="")
    client, undo = signed_in(agent), reverse("take_back_intent", args=[ticket.pk])
    said = client.post(reverse("set_intent", args=[ticket.pk]), {"intent": "theft"}, follow=True).content.decode()
    toasts = said.partition('class="toasts"')[2]
    assert undo in toasts and "Theft" in toasts and "Take this label back" in said
    late = client.post(undo, {"intent": "refund"}, follow=True).content.decode()
    assert "Too late to take back" in late and TrainingRow.objects.get().intent == "theft"
    back = client.post(undo, {"intent": "theft"}, follow=True).content.decode()
    ticket.refresh_from_db()
    assert "Taken back" in back and ticket.triage == "unsure" and not TrainingRow.objects.exists()


def test_ones_own_label_is_taken_back_though_the_ticket_has_left_ones_sight(
    make_ticket, agent, other_team: Team, signed_in: SignedIn
):
    from tickets.models import RoutingRule

    RoutingRule.objects.create(name="billing", intents=["billing_invoice"], team=other_team)
    leaving, client = make_ticket("leaving", triage="unsure", intent=""), signed_in(agent)
    said = client.post(reverse("set_intent", args=[leaving.pk]), {"intent": "billing_invoice"}, follow=True)
    undo = reverse("take_back_intent", args=[leaving.pk])
    assert undo in said.content.decode()
    client.post(undo, {"intent": "billing_invoice"})
    leaving.refresh_from_db()
    assert leaving.team != other_team and not TrainingRow.objects.exists()
    assert client.post(undo, {"intent": "billing_invoice"}).status_code in (302, 404)


def test_a_french_agent_reads_french(draft: Draft, agent: User, signed_in: SignedIn):
    agent.language = "fr"
    agent.save()
    desk = page(signed_in(agent), "/")
    assert '<html lang="fr"' in desk
    for words in ("Approuver et envoyer", "1 fait vérifié sur 1", "Raccourcis clavier", "Équipe", "cite 1 passage"):
        assert words in desk, words
    assert Message.objects.count() and not TrainingRow.objects.exists()
