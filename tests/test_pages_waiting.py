"""The page of a draft that is being written: what it shows, and what it does not let anybody do."""

import re

import pytest
from django.urls import reverse

from tests.conftest import says
from tickets import board
from tickets.board import Seen
from tickets.models import Draft


@pytest.fixture
def client(agent, signed_in):
    return signed_in(agent)


@pytest.fixture
def working(ticket, make_draft):
    return make_draft(ticket, Draft.State.WORKING, says("Half a sentence that nobody has checked."))


def seen(monkeypatch, stage, *sentences):
    monkeypatch.setattr(board, "read", lambda draft: Seen(stage, sentences))


def text(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_waiting_draft_cannot_be_sent_or_edited_and_says_that_it_is_busy(working, client, monkeypatch):
    seen(monkeypatch, "verify", "Hello [PERSON_1],")
    for address in (reverse("ticket", args=[working.ticket_id]), reverse("draft_panel", args=[working.pk])):
        page = client.get(address).content.decode()
        assert 'aria-busy="true"' in page and "Half a sentence" not in page
        for action in ("approve", "reject", "regenerate"):
            assert reverse(action, args=[working.pk]) not in page
    assert client.post(reverse("approve", args=[working.pk]), {"text": "Hello"}).status_code == 409


@pytest.mark.parametrize(
    ("stage", "words"),
    [("retrieve", "searching the articles"), ("select", "reading the passages"), ("write", "writing"),
     ("verify", "checking each sentence"), ("something new", "drafting")],
)  # fmt: skip
def test_the_stage_is_said_in_words(working, client, monkeypatch, stage, words):
    seen(monkeypatch, stage)
    assert words in text(client.get(reverse("progress", args=[working.pk])))


def test_checked_sentences_are_shown_as_unfinished_with_the_customers_name(working, client, monkeypatch):
    seen(monkeypatch, "verify", "Hello [PERSON_1],", "<b>We refund.</b>")
    answer = client.get(reverse("progress", args=[working.pk]))
    assert "Checked so far. Not yet the whole reply." in text(answer)
    assert "Camille" in text(answer) and "&lt;b&gt;We refund." in answer.content.decode()
    assert "every 700ms" in answer.content.decode() and "<form" not in answer.content.decode()


def test_without_redis_the_page_waits_all_the_same(working, client, monkeypatch):
    monkeypatch.setattr(board, "read", lambda draft: None)
    assert "drafting…" in text(client.get(reverse("progress", args=[working.pk])))
    Draft.objects.update(state="pending")
    assert "waiting for a worker…" in text(client.get(reverse("progress", args=[working.pk])))
    Draft.objects.update(attempts=1)
    assert "trying again…" in text(client.get(reverse("progress", args=[working.pk])))


@pytest.mark.parametrize("state", ["ready", "abstained", "failed"])
def test_when_it_is_there_the_whole_column_comes_and_asks_no_more(working, client, state):
    Draft.objects.update(state=state, writer="quote", reason="" if state == "ready" else "not_answering")
    answer = client.get(reverse("progress", args=[working.pk]))
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("#draft", "outerHTML")
    page = answer.content.decode()
    assert "hx-trigger" not in page.split('id="redraft"')[0] and "aria-busy" not in page
    assert 'id="live"' in page and reverse("regenerate", args=[working.pk]) in page


def test_a_draft_that_a_newer_one_replaced_shows_the_newer_one(working, client, make_draft):
    Draft.objects.update(state="superseded")
    newer = make_draft(working.ticket, Draft.State.PENDING)
    answer = client.get(reverse("progress", args=[working.pk]))
    assert answer.headers["HX-Retarget"] == "#draft"
    assert reverse("progress", args=[newer.pk]) in answer.content.decode()


def test_who_waits_for_long_asks_less_often(working, client, monkeypatch):
    monkeypatch.setattr("tickets.models.draft.SLOW_SECONDS", -1)
    assert "every 5s" in client.get(reverse("progress", args=[working.pk])).content.decode()
