"""Summaries on the desk: made when a message arrives, never before a draft, found again by the sweep, gone with the
ticket."""

import importlib
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.apps import apps
from django.utils import timezone

from copilot.inference.manifest import ModelUnusable
from tests.sending import SECRET
from tickets import condensing, drafts, summaries, sweep, tasks, writing
from tickets.helpdesks.base import Event
from tickets.intake import add_reply, take_in
from tickets.models import Draft, Helpdesk, Message, Reply, Review, Summary, Ticket

pytestmark = pytest.mark.django_db

LONG = (
    "The motor stops after ten minutes since Monday 3 March and the display shows E07. I charged the battery overnight "
    "and swapped the cable, without any change. Can you send me a new battery? "
)
STORY = "On the way to work the road goes along the river, past the mill and the old bridge, for quite a while. " * 12


@pytest.fixture(autouse=True)
def woken(monkeypatch, machine, django_capture_on_commit_callbacks):
    """The names of the tasks that were woken, in their order; fake embedders, no generator."""
    names = []
    monkeypatch.setattr(writing, "generator", lambda: None)
    for name in ("draft_pending", "summarise_pending", "deliver_reply", "process_delivery"):
        task = getattr(tasks, name)
        monkeypatch.setattr(task, "apply_async", lambda name=name, **_: names.append(name))
    return names


@pytest.fixture
def helpdesk():
    return Helpdesk.objects.create(slug="d", name="D", dialect="standard", webhook_secret=SECRET)


@pytest.fixture
def arrives(helpdesk, django_capture_on_commit_callbacks):
    """A message comes by webhook; minutes are counted from an hour ago."""

    def arrive(name, body, author="requester", minutes=0):
        event = Event(
            ticket_id="t", number="1", subject="Motor", requester_name="Maud Tellier", requester_email="",
            message_id=name, author=author, author_name="", body=body, is_html=False,
            sent_at=datetime.now(UTC) - timedelta(minutes=60 - minutes),
        )  # fmt: skip
        with django_capture_on_commit_callbacks(execute=True):
            return take_in(helpdesk, event)

    return arrive


def made():
    """The summary after the worker has been there; drafts are done first."""
    Draft.objects.update(state="superseded")
    assert summaries.make_batch() is False
    return Summary.objects.get()


def cited(summary):
    words = {message.pk: message.redacted for message in Message.objects.all()}
    return [words[line["message"]][line["start"] : line["end"]] for line in summary.lines]


def test_a_short_ticket_has_no_summary_and_asks_for_none(arrives, woken):
    arrives("1", "Who pays for the return?")
    assert not Summary.objects.exists() and "summarise_pending" not in woken


def test_a_long_message_is_summarised_and_every_line_is_its_words(arrives):
    arrives("1", f"{LONG}\n\n{STORY}")
    summary = made()
    assert summary.state == "ready" and summary.writer == "extract" and summary.made_from == Message.objects.get().pk
    assert cited(summary) == [line["text"] for line in summary.lines]
    assert "Can you send me a new battery?" in cited(summary)


def test_many_short_messages_are_long_too(arrives):
    for n in range(4):
        assert not Summary.objects.exists()
        arrives(str(n), f"{LONG} Number {n}.", minutes=n)
    assert {line["role"] for line in made().lines} >= {"problem", "tried", "asked"}


def test_it_is_made_anew_when_anybodys_message_arrives_and_the_old_one_stays_meanwhile(arrives):
    arrives("1", f"{LONG}\n\n{STORY}")
    before = made()
    arrives("2", "We have sent a new battery on 5 March.", author="agent", minutes=1)
    waiting = Summary.objects.get()
    assert (waiting.state, waiting.lines, waiting.made_from) == ("pending", before.lines, before.made_from)
    after = made()
    assert after.made_from > before.made_from and "We have sent a new battery on 5 March." in cited(after)


def test_a_message_that_came_twice_changes_nothing(arrives):
    arrives("1", f"{LONG}\n\n{STORY}")
    made()
    arrives("1", f"{LONG}\n\n{STORY}")
    assert Summary.objects.get().state == "ready"


def test_our_own_reply_makes_it_anew(arrives, agent):
    ticket = arrives("1", f"{LONG}\n\n{STORY}")
    made()
    review = Review.objects.create(draft=Draft.objects.get(), reviewer=agent, outcome="approved")
    reply = Reply.objects.create(
        review=review, ticket=ticket, body="We have sent a battery.", not_before=timezone.now()
    )
    add_reply(reply, "ours")
    add_reply(reply, "ours")
    assert "We have sent a battery." in cited(made())


def test_no_draft_waits_for_a_summary(arrives, woken):
    arrives("1", f"{LONG}\n\n{STORY}")
    assert woken.index("draft_pending") < woken.index("summarise_pending")
    assert summaries.make_batch() is False and Summary.objects.get().state == "pending"
    drafts.draft_batch()
    assert summaries.make_batch() is False and Summary.objects.get().state == "ready"


def test_the_last_draft_wakes_the_summaries_that_gave_way(arrives, woken, django_capture_on_commit_callbacks):
    arrives("1", f"{LONG}\n\n{STORY}")
    woken.clear()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.summarise_pending()
    assert woken == []  # a flood of tickets is no flood of wake-ups
    with django_capture_on_commit_callbacks(execute=True):
        tasks.draft_pending()
    assert woken == ["summarise_pending"]


def test_more_than_a_batch_wakes_itself(make_ticket, woken, django_capture_on_commit_callbacks):
    for _ in range(summaries.BATCH + 1):
        Summary.objects.create(ticket=make_ticket(body=f"{LONG}\n\n{STORY}"))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.summarise_pending()
    assert woken == ["summarise_pending"] and Summary.objects.filter(state="ready").count() == summaries.BATCH


def test_a_message_that_arrives_while_it_is_made_is_not_lost(arrives, monkeypatch):
    arrives("1", f"{LONG}\n\n{STORY}")
    condense = condensing.condense

    def slow(ticket):
        found = condense(ticket)
        arrives("2", "Now the charger does not work any more.", minutes=2)
        return found

    monkeypatch.setattr(condensing, "condense", slow)
    Draft.objects.update(state="superseded")
    summaries._make(summaries.claim())
    assert (Summary.objects.get().state, Summary.objects.get().lines) == ("pending", [])
    monkeypatch.setattr(condensing, "condense", condense)
    assert any("charger does not work" in words for words in cited(made()))


def test_what_a_killed_worker_held_is_found_by_the_sweep(arrives, woken, settings, django_capture_on_commit_callbacks):
    arrives("1", f"{LONG}\n\n{STORY}")
    assert summaries.claim() is not None and summaries.claim() is None
    long_ago = timezone.now() - timedelta(seconds=settings.DRAFT_LEASE_SECONDS + 1)
    Summary.objects.update(claimed_at=long_ago, asked_at=long_ago)
    woken.clear()
    with django_capture_on_commit_callbacks(execute=True):
        sweep.sweep()
    assert "summarise_pending" in woken
    assert made().state == "ready"


def test_a_worker_that_comes_back_too_late_overwrites_nothing(arrives):
    arrives("1", f"{LONG}\n\n{STORY}")
    late = summaries.claim()
    Summary.objects.update(state="working", claim=uuid.uuid4())
    summaries._make(late)
    assert (Summary.objects.get().state, Summary.objects.get().lines) == ("working", [])


def test_a_poisoned_one_fails_after_three_attempts_and_a_new_message_tries_again(arrives, monkeypatch, caplog):
    arrives("1", f"{LONG}\n\n{STORY}")
    Draft.objects.update(state="superseded")

    def explode(ticket):
        raise ValueError("a customer's words")

    monkeypatch.setattr(condensing, "condense", explode)
    for _ in range(summaries.MAX_ATTEMPTS):
        Summary.objects.update(not_before=None)
        summaries.make_batch()
    assert Summary.objects.get().state == "failed" and "customer's words" not in caplog.text
    assert not summaries.due().exists()
    arrives("2", "Any news?", minutes=1)
    assert (Summary.objects.get().state, Summary.objects.get().attempts) == ("pending", 0)


@pytest.mark.parametrize("error", [ModelUnusable("none"), SoftTimeLimitExceeded()])
def test_what_could_not_be_made_waits_a_little(arrives, monkeypatch, error):
    arrives("1", f"{LONG}\n\n{STORY}")

    def fail(ticket):
        raise error

    monkeypatch.setattr(condensing, "condense", fail)
    try:
        summaries._make(summaries.claim())
    except SoftTimeLimitExceeded:
        assert isinstance(error, SoftTimeLimitExceeded)
    waiting = Summary.objects.get()
    assert waiting.state == "pending" and waiting.not_before > timezone.now() and not summaries.due().exists()


def test_it_goes_when_the_ticket_goes_also_while_it_is_made(arrives):
    ticket = arrives("1", f"{LONG}\n\n{STORY}")
    claimed = summaries.claim()
    Ticket.objects.filter(pk=ticket.pk).delete()
    summaries._make(claimed)
    assert not Summary.objects.exists()


def test_it_holds_placeholders_where_the_message_has_private_values(arrives):
    arrives("1", f"The refund to maud@example.com never arrived. Please write to maud@example.com.\n\n{STORY}")
    text = str(made().lines)
    assert "maud@example.com" not in text and "[EMAIL_1]" in text


def test_a_ticket_of_which_there_is_little_to_say_shows_none(arrives):
    arrives("1", "so " * 600)
    assert made().lines == []


def test_long_tickets_that_were_open_before_there_were_summaries_get_one(make_ticket):
    long, _, _ = make_ticket(body=STORY * 2), make_ticket(body="Short."), make_ticket(body=STORY * 2, state="answered")
    migration = importlib.import_module("tickets.migrations.0011_summaries_of_open_tickets")
    migration.ask(apps, None)
    migration.ask(apps, None)
    assert [summary.ticket for summary in summaries.due()] == [long]
