"""Which drafts a worker takes, in which order, and when it gives up."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tickets import claims, drafts, tasks
from tickets.drafts import Wish
from tickets.models import Draft, Message, Problem, Worker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    """When workers were woken, instead of waking them."""
    calls = []
    monkeypatch.setattr(tasks.draft_pending, "apply_async", lambda countdown=None, **_: calls.append(countdown))
    return calls


@pytest.fixture
def ask(make_ticket):
    """A draft that waits, for a ticket `minutes` old."""

    def make(minutes=5, wish=None, words=10, **ticket):
        message = Message.objects.get(ticket=make_ticket(minutes=minutes, body="word " * words, **ticket))
        draft = drafts.request_draft(message, wish)
        Draft.objects.filter(pk=draft.pk).update(created_at=timezone.now() - timedelta(minutes=minutes))
        return draft

    return make


def taken():
    return [draft.pk for draft in claims.claim()]


def test_a_waiting_person_then_urgent_then_old_then_what_machines_ask_for(ask, monkeypatch):
    again, young, old = ask(60), ask(1), ask(30)
    urgent, person = ask(2, urgency="high"), ask(0, Wish("shorter"))
    Draft.objects.filter(pk=again.pk).update(priority=Draft.Priority.MACHINE)
    monkeypatch.setattr(claims, "BATCH", 1)
    assert [taken() for _ in range(6)] == [[person.pk], [urgent.pk], [old.pk], [young.pk], [again.pk], []]


def test_a_long_ticket_does_not_hold_short_ones(ask):
    long = ask(9, words=50_000)
    short = [ask(minutes).pk for minutes in (8, 7, 6)]
    assert taken() == [long.pk]
    assert taken() == short


def test_short_ones_that_come_first_do_not_take_a_long_one_along(ask):
    short = [ask(9).pk, ask(7).pk]
    long = ask(8, words=50_000)
    assert (taken(), taken()) == (short, [long.pk])


def test_a_batch_has_a_cap_on_its_tokens(ask):
    halves = [ask(minutes, words=4000).pk for minutes in (9, 8, 7)]  # 5,000 tokens each
    assert [taken() for _ in range(3)] == [[pk] for pk in halves]


def test_what_another_worker_took_first_is_left_to_it(ask):
    first, second = ask(9), ask(8)
    assert [draft.pk for draft in claims._take([first.pk])] == [first.pk]
    assert [draft.pk for draft in claims._take([first.pk, second.pk])] == [second.pk]


@pytest.fixture
def write(monkeypatch):
    """What the test says is what a worker does with a draft."""

    def use(work):
        monkeypatch.setattr(drafts, "write", work)
        monkeypatch.setattr(drafts, "save", lambda draft, *_: claims.held(draft).update(state="ready"))

    return use


def test_who_waits_at_a_page_does_not_wait_for_the_rest_of_a_batch(ask, make_ticket, write):
    batch = [ask(minutes) for minutes in (9, 8, 7)]
    done = []

    def work(draft, stages):
        done.append(draft.pk)
        if len(done) == 1:
            ask(0, Wish("shorter"))

    write(work)
    assert drafts.draft_batch() is True
    assert done == [batch[0].pk]
    drafts.draft_batch()
    assert Draft.objects.get(pk=done[1]).hint == "shorter" and done[2:] == [batch[1].pk, batch[2].pk]
    assert set(Draft.objects.values_list("attempts", flat=True)) == {1}


def explode(draft, stages):
    raise ValueError("a customer's words")


def test_a_failed_attempt_is_made_again_later_and_later_until_the_draft_is_dead(ask, write, woken, caplog):
    draft = ask()
    write(explode)
    for seconds in claims.BACK_OFF:
        woken.clear()
        drafts.draft_batch()
        draft.refresh_from_db()
        wait = (draft.not_before - timezone.now()).total_seconds()
        assert draft.state == "pending" and seconds - 2 < wait <= seconds
        assert not claims.due().exists() and drafts.draft_batch() is False  # not before its time
        Draft.objects.update(not_before=timezone.now())
    drafts.draft_batch()
    draft.refresh_from_db()
    assert (draft.state, draft.attempts, draft.reason) == ("failed", 3, "internal error (ValueError)")
    assert list(claims.dead()) == [draft] and "customer's" not in caplog.text


def test_the_next_attempt_wakes_a_worker_when_it_is_due(ask, write, woken, django_capture_on_commit_callbacks):
    ask()
    write(explode)
    with django_capture_on_commit_callbacks(execute=True):
        drafts.draft_batch()
    assert claims.BACK_OFF[0] in woken


def test_a_dead_draft_gets_another_chance_from_a_person_only(ask, write):
    draft = ask()
    Draft.objects.update(state="failed", attempts=claims.MAX_ATTEMPTS, reason="too_slow", ready_at=timezone.now())
    assert not claims.due().exists()
    assert claims.try_again(Draft.objects.all()) == 1
    draft.refresh_from_db()
    assert (draft.state, draft.attempts, draft.reason, draft.priority) == ("pending", 0, "", Draft.Priority.MACHINE)
    assert claims.try_again(Draft.objects.all()) == 0


def test_a_worker_says_what_it_holds(ask, write, caplog):
    ask()
    write(lambda *_: None)
    caplog.set_level("INFO")
    drafts.draft_batch()
    worker = Worker.objects.get()
    assert 0 < worker.resident <= worker.peak and "MB resident" in caplog.text
    drafts.draft_batch()
    assert Worker.objects.get().drafts == worker.drafts  # an empty batch says nothing
    assert not Problem.objects.exists()


def test_the_limit_on_memory_is_the_one_that_celery_holds_its_children_to(settings):
    from copilot.celery import app

    assert app.conf.worker_max_memory_per_child == int(settings.WORKER_MEMORY_MB) * 1024
    assert app.conf.worker_pool == "prefork"  # other pools hold nobody to it
