"""The door for helpdesks: what is answered 202 is kept, once; everything else says why not."""

import json
from datetime import timedelta

import pytest
from django.db import OperationalError

from tests.sending import SECRET, payload, post, standard_headers, zammad_headers
from tickets import deliveries, tasks
from tickets.models import Delivery, Draft, Helpdesk, Message, Ticket

pytestmark = pytest.mark.django_db

ZAMMAD = {
    "ticket": {
        "id": 81, "number": "10081", "title": "Webhook", "customer": {"firstname": "Emily", "email": "e@example.com"},
    },
    "article": {
        "id": 104, "sender": "Customer", "internal": False, "content_type": "text/html",
        "body": "<p>Where is my <b>order</b>?</p>", "created_at": "2020-11-13T14:34:35.318Z",
    },
}  # fmt: skip


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    """What was published to Redis, instead of publishing it."""
    calls = []
    for task in (tasks.process_delivery, tasks.draft_pending, tasks.deliver_reply):
        monkeypatch.setattr(task, "apply_async", lambda args=(), task=task, **_: calls.append((task.name, *args)))
    return calls


@pytest.fixture
def standard():
    return Helpdesk.objects.create(slug="desk", name="Desk", dialect="standard", webhook_secret=SECRET)


@pytest.fixture
def zammad():
    return Helpdesk.objects.create(slug="zammad", name="Zammad", dialect="zammad", webhook_secret="token")


def test_a_signed_call_is_kept_and_answered_202(client, standard, woken, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = post(client, "desk", payload())
    delivery = Delivery.objects.get()
    assert response.status_code == 202
    assert delivery.state == "received" and json.loads(bytes(delivery.body)) == payload()
    assert woken == [("tickets.tasks.process_delivery", delivery.pk)]


def test_the_same_call_twice_is_one_row_and_a_200(client, standard):
    assert [post(client, "desk", payload()).status_code for _ in range(3)] == [202, 200, 200]
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        standard_headers(b"{}", secret="whsec_d3Jvbmc="),
        standard_headers(b"{}", age=timedelta(minutes=6)),
        standard_headers(b'{"other": 1}'),
        {**standard_headers(b"{}"), "webhook-signature": "nonsense"},
        {**standard_headers(b"{}"), "webhook-signature": "v1,****"},
        {**standard_headers(b"{}"), "webhook-timestamp": "NaN"},
        {"x-hub-signature": "sha1=é"},
    ],
)
def test_a_bad_signature_is_401_and_nothing_is_kept(client, standard, headers):
    assert post(client, "desk", b"{}", headers=headers).status_code == 401
    assert not Delivery.objects.exists()


def test_zammads_signature_is_over_the_raw_bytes(client, zammad):
    body = json.dumps(ZAMMAD).encode()
    assert post(client, "zammad", body + b" ", headers=zammad_headers(body)).status_code == 401
    assert post(client, "zammad", body, headers=zammad_headers(body)).status_code == 202


def test_a_body_above_one_mebibyte_is_413(client, standard):
    assert post(client, "desk", b"x" * (1024 * 1024 + 1)).status_code == 413
    assert not Delivery.objects.exists()


def test_unknown_and_switched_off_helpdesks_are_404(client, standard):
    Helpdesk.objects.update(is_active=False)
    assert post(client, "desk", payload()).status_code == 404
    assert post(client, "nobody", payload()).status_code == 404
    assert client.get("/webhooks/desk/").status_code == 405


def test_a_dead_database_is_503_so_that_the_helpdesk_retries(client, standard, monkeypatch):
    def dead(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(Delivery.objects, "get_or_create", dead)
    response = post(client, "desk", payload())
    assert (response.status_code, response["Retry-After"]) == (503, "30")


def test_a_dead_redis_loses_nothing(client, standard, monkeypatch, django_capture_on_commit_callbacks):
    def dead(**kwargs):
        raise ConnectionError

    monkeypatch.setattr(tasks.process_delivery, "apply_async", dead)
    with django_capture_on_commit_callbacks(execute=True):
        assert post(client, "desk", payload()).status_code == 202
    assert Delivery.objects.get().state == "received"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"not json", "not JSON"),
        (b"[1, 2]", "not an object"),
        (b'{"type": "message.created"}', "data is missing"),
        (json.dumps({**payload(), "timestamp": "yesterday"}).encode(), "ISO 8601"),
        (b'{"type": "message.created", "data": {"ticket": {"id": {}}, "message": {}}}', "ticket.id is dict"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_a_payload_that_cannot_be_read_is_kept_with_its_reason_and_can_be_replayed(standard, body, reason):
    delivery = Delivery.objects.create(helpdesk=standard, external_id="bad", body=body)
    deliveries.process(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == "failed" and reason in delivery.reason
    deliveries.replay(delivery)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("received", "")


def test_a_body_that_is_signed_but_not_utf_8_is_401_for_standard_webhooks_and_failed_for_zammad(
    client, standard, zammad
):
    body = b'{"a": "\xff"}'
    assert post(client, "desk", body).status_code == 401  # the standard signs text
    assert post(client, "zammad", body, headers=zammad_headers(body)).status_code == 202
    deliveries.process(Delivery.objects.get().pk)
    assert Delivery.objects.get().state == "failed"


def test_events_that_need_nothing_from_us_are_ignored_with_the_reason(standard, zammad):
    note = {**ZAMMAD, "article": {**ZAMMAD["article"], "internal": True}}
    for helpdesk, content in ((standard, {"type": "ticket.deleted"}), (zammad, note)):
        delivery = Delivery.objects.create(helpdesk=helpdesk, external_id="x", body=json.dumps(content).encode())
        deliveries.process(delivery.pk)
        delivery.refresh_from_db()
        assert delivery.state == "ignored" and delivery.reason


def process(helpdesk, content, name="x"):
    delivery = Delivery.objects.create(helpdesk=helpdesk, external_id=name, body=json.dumps(content).encode())
    deliveries.process(delivery.pk)
    delivery.refresh_from_db()
    return delivery


def test_a_message_becomes_a_ticket_a_message_and_one_pending_draft(standard):
    body = "How do I return my bike?\n\nMaud Tellier, maud@example.com\n\nOn Tue, X wrote:\n> old text"
    delivery = process(standard, payload(body=body))
    ticket, message, draft = Ticket.objects.get(), Message.objects.get(), Draft.objects.get()
    assert delivery.state == "done" and delivery.ticket == ticket
    assert (ticket.subject, ticket.requester_name, ticket.language) == ("Return", "Maud Tellier", "en")
    assert "old text" not in message.body and "old text" in message.hidden
    assert "Maud" not in message.redacted and "maud@example.com" not in message.redacted
    assert message.for_model().restore() == message.body
    assert draft.state == "pending" and draft.message == message


def test_zammads_default_payload_is_read(zammad):
    process(zammad, ZAMMAD)
    ticket, message = Ticket.objects.get(), Message.objects.get()
    assert (ticket.external_id, ticket.number, ticket.requester_name) == ("81", "10081", "Emily")
    assert message.body == "Where is my order?"


def test_the_same_message_under_another_delivery_changes_nothing(standard):
    process(standard, payload(), "a")
    process(standard, payload(), "b")
    assert (Ticket.objects.count(), Message.objects.count(), Draft.objects.count()) == (1, 1, 1)


def test_a_new_message_supersedes_the_draft_before_it(standard):
    process(standard, payload(message="1"), "a")
    process(standard, payload(message="2", body="And what does it cost?"), "b")
    assert list(Draft.objects.order_by("pk").values_list("state", flat=True)) == ["superseded", "pending"]


def test_an_answer_given_in_the_helpdesk_itself_retires_the_draft(standard):
    process(standard, payload(message="1"), "a")
    process(standard, payload(message="2", author="agent", body="I called you."), "b")
    assert Draft.objects.get().state == "superseded" and Ticket.objects.get().state == "answered"


def test_the_echo_of_an_earlier_answer_leaves_a_newer_draft_alone(standard):
    process(standard, payload(message="1"), "a")
    echo = payload(message="2", author="agent", body="We answered.")
    later = {**payload(message="3", body="And what does it cost?"), "timestamp": "2026-03-03T10:05:00Z"}
    process(standard, later, "c")
    process(standard, {**echo, "timestamp": "2026-03-03T10:03:00Z"}, "b")  # webhooks overtake each other
    assert list(Draft.objects.order_by("pk").values_list("state", flat=True)) == ["superseded", "pending"]
    assert Ticket.objects.get().state == "open"


def test_an_unexpected_error_is_counted_and_gives_up_in_the_end(standard, monkeypatch, caplog):
    def explode(*args):
        raise RuntimeError("secret customer text")

    monkeypatch.setattr(deliveries, "take_in", explode)
    delivery = process(standard, payload())
    assert (delivery.state, delivery.attempts) == ("received", 1)
    for _ in range(4):
        deliveries.process(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("failed", "internal error (RuntimeError)")
    assert "secret customer text" not in caplog.text and not Ticket.objects.exists()


def test_nul_characters_are_dropped_because_postgresql_cannot_hold_them(standard):
    process(standard, payload(body="Hello\u0000 world, how do I return it?"))
    assert "\0" not in Message.objects.get().body
