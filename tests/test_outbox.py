"""Accepted replies: posted once, retried when it may help, and never lost."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from demo.helpdesk import SampleHelpdesk
from tests.sending import SECRET, listening
from tickets import outbox, sweep, tasks
from tickets.models import Delivery, Draft, Helpdesk, Message, Reply, Review, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def received(tmp_path):
    return SampleHelpdesk(tmp_path / "received.jsonl")


@pytest.fixture
def queue(received):
    """Makes a queued reply of a helpdesk that speaks `dialect` and listens."""
    with listening(received) as address:

        def make(dialect="standard", url=None):
            api_url = {"standard": f"{address}/replies", "zammad": address}[dialect] if url is None else url
            helpdesk = Helpdesk.objects.create(
                slug=dialect, name=dialect, dialect=dialect, webhook_secret=SECRET, api_url=api_url, api_token="t"
            )
            ticket = Ticket.objects.create(helpdesk=helpdesk, external_id="7", requester_email="a@example.com")
            message = Message.objects.create(
                ticket=ticket, external_id="q1", author="requester", sent_at=timezone.now()
            )
            draft = Draft.objects.create(ticket=ticket, message=message, state="accepted")
            review = Review.objects.create(draft=draft, outcome="approved")
            return Reply.objects.create(review=review, ticket=ticket, body="Hello.\nAlex", not_before=timezone.now())

        yield make


@pytest.mark.parametrize("dialect", ["standard", "zammad"])
def test_a_due_reply_is_posted_once(queue, received, dialect):
    reply = queue(dialect)
    outbox.send(reply.pk)
    outbox.send(reply.pk)
    reply.refresh_from_db()
    assert [each["body"] for each in received.replies()] == ["Hello.\nAlex"]
    assert reply.state == "sent" and reply.external_id == "1" and reply.attempts == 1
    said = Message.objects.get(external_id="1", author="agent")  # the next agent reads what was answered
    assert said.body == "Hello.\nAlex" and said.ticket == reply.ticket


def test_a_reply_waits_for_the_undo_time(queue, received):
    reply = queue()
    Reply.objects.update(not_before=timezone.now() + timedelta(seconds=10))
    outbox.send(reply.pk)
    assert list(received.replies()) == []


@pytest.mark.parametrize("dialect", ["standard", "zammad"])
def test_a_worker_that_died_after_posting_makes_no_second_reply(queue, received, dialect):
    reply = queue(dialect)
    outbox.send(reply.pk)  # it arrived, but the worker died before it could say so
    Reply.objects.update(state="sending", claimed_at=timezone.now() - timedelta(minutes=5), sent_at=None)
    assert outbox.release_abandoned() == 1
    outbox.send(reply.pk)
    reply.refresh_from_db()
    assert len(list(received.replies())) == 1 and reply.state == "sent" and reply.attempts == 2


def test_a_helpdesk_that_is_down_is_tried_again_later_and_given_up_in_the_end(queue):
    reply = queue(url="http://127.0.0.1:9/replies")
    for attempt in range(1, outbox.MAX_ATTEMPTS + 1):
        Reply.objects.update(not_before=timezone.now())
        outbox.send(reply.pk)
        reply.refresh_from_db()
        assert reply.attempts == attempt
    assert reply.state == "failed" and "did not answer" in reply.error
    assert Ticket.objects.get().state == "open"  # nobody was answered: it is back in the queue
    assert outbox.requeue(reply) and not outbox.requeue(reply)
    reply.refresh_from_db()
    assert reply.state == "queued" and Ticket.objects.get().state == "answered"


def test_a_refusal_is_not_repeated(queue, received):
    reply = queue(url="")
    outbox.send(reply.pk)
    reply.refresh_from_db()
    assert reply.state == "failed" and "no address" in reply.error


def test_a_4xx_answer_fails_at_once_and_a_5xx_waits(queue, tmp_path):
    for status, state in (("422 Unprocessable", "failed"), ("503 Busy", "queued"), ("429 Slow down", "queued")):

        def answer(environ, start, status=status):
            start(status, [("Content-Length", "0")])
            return [b""]

        with listening(answer) as address:
            reply = queue(url=f"{address}/replies")
            outbox.send(reply.pk)
            reply.refresh_from_db()
            assert (reply.state, status[:3] in reply.error) == (state, True)
        Helpdesk.objects.all().delete()


def test_the_sweep_wakes_whatever_waits(queue, machine, monkeypatch, django_capture_on_commit_callbacks):
    woken = []
    monkeypatch.setattr(tasks.finish_recipe, "apply_async", lambda **_: None)
    for task in (tasks.process_delivery, tasks.draft_pending, tasks.deliver_reply):
        monkeypatch.setattr(task, "apply_async", lambda args=(), task=task, **_: woken.append((task.name, *args)))
    reply = queue()
    delivery = Delivery.objects.create(helpdesk=reply.ticket.helpdesk, external_id="d", body=b"{}")
    Delivery.objects.update(received_at=timezone.now() - timedelta(minutes=1))
    message = Message.objects.create(ticket=reply.ticket, external_id="2", author="requester", sent_at=timezone.now())
    dead = timezone.now() - timedelta(hours=1)
    Draft.objects.create(ticket=reply.ticket, message=message, state="working", claimed_at=dead, attempts=1)
    with django_capture_on_commit_callbacks(execute=True):
        sweep.sweep()
    assert Draft.objects.get(message=message).state == "pending"
    assert set(woken) == {
        ("tickets.tasks.process_delivery", delivery.pk),
        ("tickets.tasks.deliver_reply", reply.pk),
        ("tickets.tasks.draft_pending",),
    }


def test_an_older_equal_text_is_not_taken_for_this_reply(queue, received):
    reply = queue("zammad")
    received.path.write_text(
        json.dumps({"id": 5, "key": "", "ticket_id": "7", "body": "Hello.\nAlex", "sender": "Agent",
                    "created_at": "2026-01-01T00:00:00Z"}) + "\n"
    )  # fmt: skip
    Reply.objects.update(attempts=1)
    outbox.send(reply.pk)
    assert len(list(received.replies())) == 2


def test_an_answer_that_is_no_json_is_counted_and_given_up_in_the_end(queue):
    def answer(environ, start):
        start("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    with listening(answer) as address:
        reply = queue("zammad", url=address)
        for _ in range(outbox.MAX_ATTEMPTS):
            Reply.objects.update(not_before=timezone.now())
            outbox.send(reply.pk)
    reply.refresh_from_db()
    assert (reply.state, reply.attempts, Ticket.objects.get().state) == ("failed", outbox.MAX_ATTEMPTS, "open")


def test_a_reply_whose_workers_keep_dying_fails_where_somebody_sees_it(queue):
    reply = queue()
    Reply.objects.update(state="sending", attempts=8, claimed_at=timezone.now() - timedelta(hours=1))
    outbox.release_abandoned()
    reply.refresh_from_db()
    assert reply.state == "failed" and Ticket.objects.get().state == "open"


def test_an_attempt_that_lost_its_lease_decides_nothing(queue, monkeypatch):
    def refuse_late(reply):
        Reply.objects.update(state="sent", attempts=2)  # another attempt took over meanwhile, and arrived
        raise outbox.PostFailed("the helpdesk answered 422", retry=False)

    reply = queue()
    Ticket.objects.update(state="answered")
    monkeypatch.setattr(outbox, "_post", refuse_late)
    outbox.send(reply.pk)
    assert Reply.objects.get().state == "sent" and Ticket.objects.get().state == "answered"
