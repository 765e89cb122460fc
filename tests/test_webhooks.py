"""The door for helpdesks: what is answered 202 is kept, once; everything else says why not."""

import json
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

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


def test_a_body_above_the_limit_is_413(client, standard, settings):
    settings.WEBHOOK_MAX_BYTES = 1024 * 1024
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


def test_a_delivery_in_work_keeps_nobody_waiting(standard):
    """Only the delivery is locked: another one of the same helpdesk is processed meanwhile, and webhooks arrive."""
    lock = str(Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("helpdesk").query)
    assert 'OF "tickets_delivery"' in lock
    with CaptureQueriesContext(connection) as queries:
        process(standard, payload())
    locking = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"] and "tickets_delivery" in query["sql"]]
    assert locking and all('OF "tickets_delivery" SKIP LOCKED' in sql for sql in locking)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Hello \\ud83d there", "Hello ? there"),
        ("a \\u0000 b", "a  b"),
        ("typed \\\\u0000 by hand", "typed \\u0000 by hand"),
    ],
)
def test_what_no_database_can_keep_costs_a_character_not_a_message(standard, said, kept):
    body = json.dumps(payload(body="BODY")).replace("BODY", said).encode()
    delivery = Delivery.objects.create(helpdesk=standard, external_id="x", body=body)
    deliveries.process(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, Message.objects.get().body) == ("done", kept)


def test_unusable_optional_fields_do_not_cost_the_message(standard, zammad):
    strange = payload(author_name=["x"])
    strange["data"]["ticket"] |= {"subject": 42, "number": None, "requester": {"name": 7, "email": {}}}
    assert process(standard, strange).state == "done"
    assert Ticket.objects.get().subject == "42"
    nobody = {**ZAMMAD, "ticket": {"id": 82, "title": None, "customer": None}}
    assert process(zammad, nobody, "y").state == "done"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00", "2026-02-30T00:00:00Z"])
def test_an_impossible_time_is_a_reason_not_a_crash(standard, moment):
    delivery = process(standard, {**payload(), "timestamp": moment})
    assert delivery.state == "failed" and "time" in delivery.reason


def test_a_time_without_a_zone_is_utc(standard):
    process(standard, {**payload(), "timestamp": "2026-03-03T10:00:00"})
    assert Message.objects.get().sent_at.isoformat() == "2026-03-03T10:00:00+00:00"


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 400 + "Where is my order?" + "</div>" * 400,
        "<table><tr><td>" * 120 + "Where is my order?" + "</td></tr></table>" * 120,
        '<?xml version="1.0" encoding="iso-8859-1"?><html><body><p>Where is my order?</p></body></html>',
    ],
)
def test_strange_html_loses_no_words(standard, html):
    process(standard, payload(body=html, content_type="text/html"))
    message = Message.objects.get()
    assert "Where is my order?" in message.body and "<" not in message.body


def test_webhooks_that_overtake_each_other_leave_the_draft_of_the_newest_message(standard):
    process(standard, {**payload(message="2", body="And the price?"), "timestamp": "2026-03-03T10:05:00Z"}, "b")
    process(standard, {**payload(message="1"), "timestamp": "2026-03-03T10:00:00Z"}, "a")
    assert Draft.objects.get().message.external_id == "2"


def test_a_question_that_arrives_after_its_answer_waits_for_nobody(standard):
    answer = payload(message="2", author="agent", body="Done.")
    process(standard, {**answer, "timestamp": "2026-03-03T10:05:00Z"}, "b")
    process(standard, {**payload(message="1"), "timestamp": "2026-03-03T10:00:00Z"}, "a")
    assert Ticket.objects.get().state == "answered" and not Draft.objects.exists()


def test_a_message_without_text_can_be_answered_by_hand(standard):
    process(standard, payload(body="<img src='cid:1'>", content_type="text/html"))
    assert (Draft.objects.get().state, Draft.objects.get().reason) == ("failed", "no_text")


def test_a_subject_that_changes_keeps_its_placeholders(standard):
    process(standard, payload(message="1"), "a")
    changed = payload(message="2", author="agent", body="Hello")
    changed["data"]["ticket"]["subject"] = "Refund for maud@example.com"
    process(standard, changed, "b")
    assert "maud@example.com" in Ticket.objects.get().originals.values()
