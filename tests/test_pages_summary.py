"""The summary above a conversation: what it shows, what it leads to, and that a ticket without one shows nothing."""

import re

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from tests.chromium import chromium_page
from tickets.models import Message, Summary

ATTACK = "<script>alert(1)</script>"
FIRST = "My card [CARD_1] was charged twice on 3 March."
SECOND = "I called the bank & they refuse.\n\nPlease refund me."


def line(role, message, text, number=0):
    start = message.redacted.index(text)
    return {"role": role, "text": text, "message": message.pk, "start": start, "end": start + len(text)}


@pytest.fixture
def long(make_ticket):
    """A ticket of two messages with a summary."""
    ticket = make_ticket(body="My card 4242 was charged twice on 3 March.", redacted=FIRST)
    ticket.remember({"[CARD_1]": "4242"})
    ticket.save()
    Message.objects.create(
        ticket=ticket, external_id="2", author="agent", author_name="Bea", body=SECOND, redacted=SECOND,
        sent_at=timezone.now(),
    )  # fmt: skip
    first, second = ticket.messages.all()
    Summary.objects.create(
        ticket=ticket, state="ready", writer="extract", made_from=second.pk,
        lines=[
            line("problem", first, FIRST), line("tried", second, "I called the bank & they refuse."),
            line("asked", second, "Please refund me."), line("fact", first, "on 3 March"),
        ],
    )  # fmt: skip
    return ticket


@pytest.fixture
def client(agent, signed_in):
    return signed_in(agent)


def page(client, ticket):
    return client.get(reverse("ticket", args=[ticket.pk])).content.decode()


def test_each_line_stands_under_its_part_and_names_its_message(long, client):
    shown = page(client, long)
    summary = shown.split('id="summary"')[1].split("</details>")[0]
    text = " ".join(re.sub(r"<[^>]+>", " ", summary).split())
    for words in ("of 2 messages", "Problem", "Done so far", "Asked for", "Facts and dates", "( message 2, Bea)"):
        assert words.replace("( ", "(") in text.replace("( ", "("), words
    assert 'href="#message-2" data-l="3">Please refund me.&nbsp;<sup' in summary and 'id="message-2"' in shown


def test_the_words_that_a_line_is_made_of_stand_apart_in_its_message_and_nowhere_else(long, client):
    talk = page(client, long).split("</details>", 1)[1]
    mask = '<span class="mask" title="Masked from the model">4242</span>'
    assert f'<span data-w="1">My card {mask} was charged twice </span><span data-w="1 4">on 3 March</span>' in talk
    assert '<p><span data-w="2">I called the bank &amp; they refuse.</span></p>' in talk
    assert '<p><span data-w="3">Please refund me.</span></p>' in talk


def test_placeholders_are_their_originals_for_the_agent(long, client):
    assert "[CARD_1]" not in page(client, long)


def test_a_ticket_without_a_summary_shows_none_and_its_messages_as_they_are(ticket, client):
    shown = page(client, ticket)
    assert 'id="summary"' not in shown and "data-w" not in shown and 'class="place"' not in shown
    Summary.objects.create(ticket=ticket, state="ready")
    assert 'id="summary"' not in page(client, ticket)


def test_the_old_one_stays_and_says_that_it_is_out_of_date(long, client):
    Message.objects.create(
        ticket=long, external_id="3", author="requester", body="Hello?", redacted="Hello?", sent_at=timezone.now()
    )
    Summary.objects.update(state="pending")
    shown = page(client, long)
    assert "out of date, being made anew" in shown and "Please refund me." in shown
    assert reverse("summary", args=[long.pk]) in shown
    Summary.objects.update(state="failed")
    shown = page(client, long)
    assert "out of date" in shown and "being made anew" not in shown
    assert reverse("summary", args=[long.pk]) not in shown


def test_the_first_one_says_that_it_is_being_made(long, client):
    Summary.objects.update(state="working", lines=[])
    assert "being made…" in page(client, long)


def test_the_page_asks_until_it_is_there_and_then_gets_the_conversation(long, client):
    made_from = Summary.objects.get().made_from
    Summary.objects.update(state="working", made_from=0)
    address = reverse("summary", args=[long.pk])
    assert client.get(address).status_code == 204
    Summary.objects.update(state="ready", made_from=made_from)
    answer = client.get(address)
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("#main", "outerHTML")
    assert 'data-w="3"' in answer.content.decode() and "every 3s" not in answer.content.decode()


def test_what_customers_write_is_text_there_too(long, client):
    first = long.messages.first()
    Message.objects.filter(pk=first.pk).update(redacted=f"{ATTACK} is broken.", author_name=ATTACK)
    Summary.objects.update(lines=[{"role": "problem", "text": f"{ATTACK} is broken.", "message": first.pk,
                                   "start": 0, "end": len(ATTACK) + 11}])  # fmt: skip
    assert "<script>alert" not in page(client, long)


def test_a_line_of_a_message_that_is_gone_is_left_out(long, client):
    long.messages.last().delete()
    shown = page(client, long)
    assert "Please refund me." not in shown and "charged twice" in shown


def test_somebody_elses_summary_does_not_exist(long, outsider, signed_in):
    assert signed_in(outsider).get(reverse("summary", args=[long.pk])).status_code == 404


def test_a_line_that_goes_on_in_its_message_says_so(long, client):
    first = long.messages.first()
    Summary.objects.update(lines=[line("problem", first, "My card [CARD_1] was charged"), line("asked", first, FIRST)])
    shown = page(client, long)
    assert "was charged…&nbsp;<sup" in shown and "on 3 March.&nbsp;<sup" in shown


def test_a_french_agent_reads_its_parts_in_french(long, client, agent):
    agent.language = "fr"
    agent.save()
    shown = page(client, long)
    for words in ("Résumé", "de 2 messages", "Problème", "Déjà fait", "Demandé", "Faits et dates", "message 2, Bea"):
        assert words in shown, words
    Summary.objects.update(made_from=0, state="pending")
    assert "dépassé, en cours de mise à jour" in page(client, long)


def test_a_model_is_named_as_the_writer(long, client):
    Summary.objects.update(writer="model:m-1")
    assert "by the model, checked" in page(client, long)


@pytest.mark.browser
@pytest.mark.integration
@pytest.mark.django_db(transaction=True)
class TestInABrowser:
    @pytest.fixture
    def complaints(self):
        return []

    @pytest.fixture
    def desk(self, live_server, long, agent, signed_in, complaints):
        session = signed_in(agent).cookies["sessionid"].value
        with chromium_page(complaints) as page:
            page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
            page.goto(f"{live_server.url}{reverse('ticket', args=[long.pk])}")
            yield page
            connections.close_all()  # beside Playwright's loop, the test had a connection of its own

    def test_a_line_lights_up_its_words_and_leads_to_them(self, desk, complaints):
        desk.hover("[data-l='3']")
        assert desk.locator("[data-w].on").all_inner_texts() == ["Please refund me."]
        desk.focus("[data-l='1']")
        desk.hover(".talk h1")
        assert desk.locator("[data-w].on").count() == 3  # it stays while the line has the focus
        Message.objects.update(redacted=FIRST + "\n\nla" * 200)
        desk.reload()
        desk.set_viewport_size({"width": 1440, "height": 400})
        desk.locator("[data-l='4']").press("Enter")
        desk.wait_for_function("document.querySelector('[data-w~=\"4\"]').getBoundingClientRect().top < 400")
        assert complaints == []

    def test_its_key_closes_it_and_it_stays_closed(self, desk, complaints):
        assert desk.locator("#summary .parts").is_visible()
        desk.keyboard.press("s")
        assert not desk.locator("#summary .parts").is_visible()
        assert desk.locator("#summary .gist").inner_text() == "Please refund me."
        desk.reload()
        assert not desk.locator("#summary .parts").is_visible()
        desk.keyboard.press("s")
        assert desk.locator("#summary .parts").is_visible() and complaints == []

    def test_a_new_one_comes_by_itself(self, desk, complaints):
        Summary.objects.update(state="pending", lines=[])
        desk.reload()
        desk.locator("#summary .chip", has_text="being made").wait_for()
        first = Message.objects.earliest("pk")
        Summary.objects.update(state="ready", lines=[line("problem", first, FIRST)])
        desk.locator("#summary li", has_text="charged twice").wait_for(timeout=8000)
        assert complaints == []
