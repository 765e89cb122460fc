"""Reading a ticket loads nothing from a stranger's server; asking for a message's pictures does, and says so."""

import pytest
from django.db import connection
from django.urls import reverse

from tests.attaching import deliver
from tests.sending import SECRET, payload
from tickets import pictures
from tickets.models import Helpdesk, Message

SRC = "https://tracker.example/a.png?u=camille"
HTML = f"""<p>See <img src="{SRC}" alt="x"> and <IMG SRC='http://cdn.example/b.jpg'> and again <img src="{SRC}">
<img src="https://pixel.example/1.gif" width="1" height="1"><img src="cid:inline"><img src="data:image/png;base64,AA">
<img src="/local.png"><img><img src="javascript:alert(1)"></p>"""


def test_pictures_of_elsewhere_are_named_once_and_counters_are_left_out():
    assert pictures.remote(HTML) == [SRC, "http://cdn.example/b.jpg"]


@pytest.mark.parametrize("text", ["", "no html", "<p>", "<img src='https://[' >", "\0<img src=x>"])
def test_odd_messages_have_none(text):
    assert pictures.remote(text) == []


@pytest.mark.integration
@pytest.mark.parametrize(("kind", "kept"), [("text/html", [SRC, "http://cdn.example/b.jpg"]), ("text/plain", [])])
def test_a_message_that_comes_in_keeps_them(db, client, machine, kind, kept):
    Helpdesk.objects.create(slug="desk", name="Desk", dialect="standard", webhook_secret=SECRET)
    ticket = deliver(client, "", content=payload(body=HTML, content_type=kind))
    assert pictures.of(ticket.messages.get()) == kept


@pytest.fixture
def message(ticket):
    message = ticket.messages.get()
    Message.objects.filter(pk=message.pk).update(pictures=pictures.packed([SRC]))
    return message


def test_they_are_kept_sealed(message):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pictures FROM tickets_message WHERE id = %s", [message.pk])
        assert "tracker" not in cursor.fetchone()[0]


def test_the_ticket_names_them_and_loads_none(message, agent, signed_in):
    answer = signed_in(agent).get(reverse("ticket", args=[message.ticket_id]))
    page = answer.content.decode()
    assert "1 picture from elsewhere, not loaded" in page and "tracker.example" not in page
    policy = answer.headers["Content-Security-Policy"]
    assert "img-src 'self' data:" in policy and "https:" not in policy


def test_who_asks_gets_them_without_a_referrer(message, agent, signed_in):
    answer = signed_in(agent).get(reverse("pictures", args=[message.pk]))
    assert SRC in answer.content.decode()
    assert "img-src 'self' data: https: http:" in answer.headers["Content-Security-Policy"].replace(
        "'self' 'self'", "'self'"
    )
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_message_without_any_has_no_such_page(ticket, agent, signed_in):
    assert signed_in(agent).get(reverse("pictures", args=[ticket.messages.get().pk])).status_code == 404
