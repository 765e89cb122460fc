"""A marker that a customer wrote is followed through the product: it is in the database, sealed or on the ticket's own
rows, and nowhere else.

Watched at once: every record of every logger, every command that Redis gets (a Celery message is base64, so it is
unpacked), every text that a model is given, and every request that leaves.
"""

import base64
import binascii
import json
import logging
import re
import threading

import httpx
import pytest
import redis
from django.conf import settings
from django.urls import reverse

from knowledge.indexing import sync
from knowledge.models import Source
from tests.conftest import person
from tests.fakes import FakeEmbedder
from tests.sending import SECRET, listening, payload, post
from tests.test_drafts_queue import OneArticle
from tickets import deliveries, drafts, outbox, review, writing
from tickets.models import Delivery, Draft, Helpdesk, Message, Reply, TrainingRow
from tickets.models.people import Role
from tickets.rendering import plain_text

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]

MARKER = "canary.7f3a@secret-place.example"
PHONE = "06 39 98 74 05"
BODY = f"When is a duplicate charge refunded to my card? Write to {MARKER} or call {PHONE}."
STRINGS = (MARKER, "canary.7f3a", PHONE)
END = "souffleur-test-end"


class Watched:
    """Everything that Redis was told since the beginning, as text."""

    def __init__(self):
        address = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://")
        self.redis = redis.Redis.from_url(address)
        self.redis.flushall()
        self.seen: list[str] = []
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        assert self._ready.wait(5)

    def _watch(self):
        with self.redis.monitor() as monitor:
            self._ready.set()
            for told in monitor.listen():
                self.seen.append(told["command"])
                if END in told["command"]:
                    return

    def everything(self):
        """Every command, with what was packed in it; and that the watch was kept to its end."""
        self.redis.set(END, END)
        self._thread.join(10)
        assert not self._thread.is_alive()
        return "\n".join([*self.seen, *(unpacked(command) for command in self.seen)])


def unpacked(text):
    """The plain text of whatever in `text` is base64."""
    found = []
    for piece in re.findall(r"[A-Za-z0-9+/]{16,}={0,2}", text):
        try:
            found.append(base64.b64decode(piece + "=" * (-len(piece) % 4)).decode("utf-8", "replace"))
        except binascii.Error:
            continue
    return "\n".join(found)


class Leaving(httpx.HTTPTransport):
    """Every request that is sent, whole."""

    sent: list[str] = []

    def handle_request(self, request):
        lines = [str(request.url), *(f"{name}: {value}" for name, value in request.headers.items())]
        self.sent.append("\n".join([*lines, request.read().decode("utf-8", "replace")]))
        return super().handle_request(request)


@pytest.fixture
def helpdesk_address():
    def answer(environ, start):
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"id": "r-1"}).encode()]

    with listening(answer) as address:
        yield f"{address}/replies"


@pytest.fixture
def leaving(monkeypatch):
    Leaving.sent = []
    monkeypatch.setattr(httpx, "HTTPTransport", Leaving)
    return Leaving.sent


@pytest.fixture
def desk(machine, monkeypatch, helpdesk_address):
    monkeypatch.setattr(writing, "generator", lambda: None)
    sync(Source.objects.create(name="s", location=""), OneArticle(), FakeEmbedder())
    return Helpdesk.objects.create(
        slug="desk", name="Desk", dialect="standard", webhook_secret=SECRET, api_url=helpdesk_address
    )


def the_whole_path(client, monkeypatch):
    """A call comes in, is worked through, drafted, read, corrected, approved and sent."""
    administrator = person("Ada", Role.ADMINISTRATOR)
    assert post(client, "desk", payload(body=BODY)).status_code == 202
    deliveries.process(Delivery.objects.get().pk)
    drafts.draft_batch()
    draft = Draft.objects.get()
    assert draft.state == "ready"
    client.force_login(administrator)
    page = client.get(reverse("ticket", args=[draft.ticket_id])).content.decode()
    client.post(reverse("set_intent", args=[draft.ticket_id]), {"intent": "refunds"})
    monkeypatch.setattr(review, "UNDO_SECONDS", 0)
    draft.refresh_from_db()
    review.approve(draft, administrator, plain_text(draft), seconds=5)
    outbox.send(Reply.objects.get().pk)
    assert Reply.objects.get().state == "sent"
    return page


def assert_nowhere(text):
    assert not [string for string in STRINGS if string in text]


def test_the_marker_is_nowhere_but_on_the_ticket(desk, client, machine, monkeypatch, leaving, caplog):
    caplog.set_level(logging.DEBUG)
    watched = Watched()
    page = the_whole_path(client, monkeypatch)
    assert MARKER in Message.objects.first().body and MARKER in page  # an agent reads it

    told = watched.everything()
    assert "tickets.tasks.process_delivery" in told and "LPUSH" in told  # the watch saw Celery's messages
    assert_nowhere(told)
    records = "\n".join([caplog.text, *(repr(record.__dict__) for record in caplog.records)])
    assert records
    assert_nowhere(records)
    given = "\n".join(machine.embedder().seen)
    assert "duplicate charge refunded" in given and "[EMAIL_1]" in given
    assert_nowhere(given)
    assert len(leaving) == 1 and "maud@example.com" in leaving[0]  # the reply is addressed to its requester
    assert_nowhere("\n".join(leaving))
    assert_nowhere("\n".join(TrainingRow.objects.values_list("text", flat=True)))


def test_errors_quote_nobody(desk, client, machine, monkeypatch, caplog):
    """What a model or a parser says of its input may hold the input: neither the log nor the row repeats it."""
    caplog.set_level(logging.DEBUG)

    def explode(*_, **__):
        raise RuntimeError(f"cannot embed {BODY!r}")

    post(client, "desk", payload(body=BODY))
    deliveries.process(Delivery.objects.get().pk)
    monkeypatch.setattr(drafts, "write", explode)
    drafts.draft_batch()
    assert "could not be written: RuntimeError" in caplog.text
    assert_nowhere(caplog.text)
    assert_nowhere(Draft.objects.get().reason)


def test_a_call_that_cannot_be_read_is_not_quoted(desk, client, caplog):
    caplog.set_level(logging.DEBUG)
    event = payload(body=BODY)
    del event["data"]["ticket"]["id"]
    post(client, "desk", event)
    deliveries.process(Delivery.objects.get().pk)
    assert Delivery.objects.get().state == "failed"
    assert_nowhere(caplog.text + Delivery.objects.get().reason)


def test_the_watch_would_see_it(caplog):
    """Each of the watches, shown the marker, finds it."""
    watched = Watched()
    watched.redis.set("x", base64.b64encode(MARKER.encode()))
    logging.getLogger("any").warning("%s", MARKER)
    for told in (watched.everything(), caplog.text):
        with pytest.raises(AssertionError):
            assert_nowhere(told)
