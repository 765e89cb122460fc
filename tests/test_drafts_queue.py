"""The queue of drafts: claimed by one, finished by whoever holds the claim, never stuck."""

import dataclasses
from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from knowledge.indexing import sync
from knowledge.models import Source
from knowledge.sources.base import Document
from tests.fakes import FakeEmbedder
from tests.sending import SECRET
from tickets import claims, drafts, review, tasks, writing
from tickets.drafts import Wish
from tickets.labelling import correct_intent
from tickets.models import Citation, Draft, Helpdesk, Message, Reply, Review, Ticket, User
from tickets.rendering import plain_text

pytestmark = pytest.mark.django_db

ARTICLE = Document(
    "refund.md", "Refunds", "", "en", "public",
    "A duplicate charge is refunded to the card within ten days.\n\n1. Open Billing.\n2. Press Report.",
)  # fmt: skip


class OneArticle:
    def documents(self):
        yield ARTICLE


@pytest.fixture(autouse=True)
def quiet(monkeypatch, machine):
    """Fake embedders, no generator, and a Redis that is not needed."""
    monkeypatch.setattr(writing, "generator", lambda: None)
    for task in (tasks.draft_pending, tasks.deliver_reply):
        monkeypatch.setattr(task, "apply_async", lambda **_: None)


@pytest.fixture
def helpdesk():
    sync(Source.objects.create(name="s", location=""), OneArticle(), FakeEmbedder())
    return Helpdesk.objects.create(slug="d", name="D", dialect="standard", webhook_secret=SECRET)


def ask(helpdesk, name="1", body="When is a duplicate charge refunded to my card?", **ticket):
    facts = {"subject": "Duplicate charge", "requester_name": "Maud Tellier", **ticket}
    ticket = Ticket.objects.create(helpdesk=helpdesk, external_id=name, **facts)
    message = Message.objects.create(
        ticket=ticket, external_id="1", author="requester", body=body, redacted=body, sent_at=timezone.now()
    )
    return drafts.request_draft(message)


def test_a_pending_draft_becomes_ready_with_checked_citations(helpdesk):
    draft = ask(helpdesk)
    drafts.draft_batch()
    draft.refresh_from_db()
    assert draft.state == "ready" and draft.recipe and draft.writer == "quote" and draft.timings["total"] > 0
    citation = Citation.objects.filter(draft=draft).first()
    assert citation.passage.text[citation.start : citation.end] == draft.sentences[citation.sentence]["text"]
    assert plain_text(draft).startswith("Hello [PERSON_1]") is False and "Hello Maud," in plain_text(draft)


def test_a_question_the_articles_do_not_answer_abstains(helpdesk):
    draft = ask(helpdesk, subject="Ferry", body="Can my cabin on the ferry to Naxos be kept?")
    drafts.draft_batch()
    draft.refresh_from_db()
    assert (draft.state, draft.reason, draft.facts) == ("abstained", "not_answering", [])


def test_a_claimed_draft_is_not_claimed_again_until_its_lease_is_over(helpdesk, settings):
    draft = ask(helpdesk)
    assert [claimed.pk for claimed in claims.claim()] == [draft.pk]
    assert claims.claim() == [] and claims.release_abandoned() == 0
    Draft.objects.update(claimed_at=timezone.now() - timedelta(seconds=settings.DRAFT_LEASE_SECONDS + 1))
    assert claims.release_abandoned() == 1
    assert [claimed.pk for claimed in claims.claim()] == [draft.pk]


def test_a_worker_that_comes_back_too_late_overwrites_nothing(helpdesk):
    ask(helpdesk)
    [late] = claims.claim()
    Draft.objects.update(state="pending", claim=None)
    [current] = claims.claim()
    drafts._work(current)
    sentences = Draft.objects.get().sentences
    drafts._work(late)
    assert Draft.objects.get().sentences == sentences
    assert Citation.objects.count() == len([s for s in sentences if s["kind"] == "fact"])


def test_an_error_is_counted_and_ends_in_a_failed_draft_not_in_a_stuck_one(helpdesk, monkeypatch, caplog):
    def explode(*args, **kwargs):
        raise RuntimeError("a customer's words")

    draft = ask(helpdesk)
    monkeypatch.setattr(writing, "answer", explode)
    for _ in range(claims.MAX_ATTEMPTS):
        Draft.objects.update(not_before=None)
        drafts.draft_batch()
    draft.refresh_from_db()
    assert (draft.state, draft.reason) == ("failed", "internal error (RuntimeError)")
    assert "customer's words" not in caplog.text


def test_a_draft_abandoned_too_often_has_failed(helpdesk):
    draft = ask(helpdesk)
    Draft.objects.update(state="working", attempts=claims.MAX_ATTEMPTS, claimed_at=timezone.now() - timedelta(days=1))
    claims.release_abandoned()
    draft.refresh_from_db()
    assert (draft.state, draft.reason) == ("failed", "worker_died")


def test_the_database_refuses_two_live_drafts_of_one_message(helpdesk):
    draft = ask(helpdesk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.create(ticket=draft.ticket, message=draft.message)


@pytest.fixture
def agent():
    return User.objects.create(username="alex", first_name="Alex", last_name="Moreau")


@pytest.fixture
def ready(helpdesk):
    draft = ask(helpdesk)
    drafts.draft_batch()
    draft.refresh_from_db()
    return draft


def test_approving_queues_one_signed_reply_and_decides_once(ready, agent):
    made = review.approve(ready, agent, plain_text(ready), seconds=12)
    reply = Reply.objects.get()
    assert (made.outcome, made.diff) == ("approved", "")
    assert reply.body == plain_text(ready) + "\nAlex Moreau" and reply.state == "queued"
    assert reply.not_before > timezone.now() and Ticket.objects.get().state == "answered"
    with pytest.raises(review.TooLate):
        review.approve(ready, agent, "again", seconds=1)
    assert Reply.objects.count() == 1


@pytest.mark.parametrize(
    "decide",
    [
        lambda draft, agent: review.approve(draft, agent, "Hello", seconds=1),
        lambda draft, agent: review.reject(draft, agent, "wrong", "", seconds=1),
        lambda draft, agent: review.regenerate(draft, agent, Wish()),
    ],
)
def test_decisions_lock_the_ticket_before_the_draft_as_intake_does(ready, agent, decide):
    with CaptureQueriesContext(connection) as queries:
        decide(ready, agent)
    changes = [query["sql"] for query in queries if query["sql"].startswith("UPDATE") or "FOR UPDATE" in query["sql"]]
    assert '"tickets_ticket"' in changes[0] and "FOR UPDATE" in changes[0]


def test_an_edit_is_told_from_an_approval_and_its_diff_kept(ready, agent):
    made = review.approve(ready, agent, plain_text(ready).replace("ten days", "10 days"), seconds=12)
    assert made.outcome == "edited" and "+A duplicate charge" in made.diff


def test_nothing_is_not_sent(ready, agent):
    with pytest.raises(review.EmptyReply):
        review.approve(ready, agent, " \n", seconds=1)
    ready.refresh_from_db()
    assert ready.state == "ready"


def test_a_rejection_says_why_and_can_be_taken_back(ready, agent):
    made = review.reject(ready, agent, "source", "an old page", seconds=3)
    assert (made.outcome, made.reason) == ("rejected", "source")
    assert review.undo(made, agent).state == "ready"
    assert not Review.objects.exists()


def test_an_approval_can_be_taken_back_until_its_reply_leaves(ready, agent):
    made = review.approve(ready, agent, "Hello", seconds=3)
    review.undo(made, agent)
    assert not Reply.objects.exists() and Ticket.objects.get().state == "open"
    made = review.approve(ready, agent, "Hello", seconds=3)
    Reply.objects.update(state="sending", attempts=1)
    with pytest.raises(review.TooLate):
        review.undo(made, agent)


def test_a_redraft_replaces_the_draft_and_keeps_the_hint(ready, agent):
    again = review.regenerate(ready, agent, Wish("mention Billing"))
    ready.refresh_from_db()
    assert (ready.state, again.state, again.hint) == ("superseded", "pending", "mention Billing")
    with pytest.raises(review.TooLate):
        review.regenerate(ready, agent, Wish())


def test_a_stale_page_cannot_redraft_what_a_newer_draft_replaced(ready, agent):
    review.reject(ready, agent, "wrong", "", seconds=1)
    newer = drafts.request_draft(ready.message)
    with pytest.raises(review.TooLate):
        review.regenerate(ready, agent, Wish())
    newer.refresh_from_db()
    assert newer.state == "pending"


def test_no_reply_needed_closes_the_ticket(ready, agent):
    made = review.reject(ready, agent, "no_reply", "", seconds=1)
    assert Ticket.objects.get().state == "answered"
    review.undo(made, agent)
    assert Ticket.objects.get().state == "open"


def test_an_article_that_became_internal_is_not_sent(ready, agent):
    class NowInternal:
        def documents(self):
            yield dataclasses.replace(ARTICLE, visibility="internal")

    sync(Source.objects.get(), NowInternal(), FakeEmbedder())
    with pytest.raises(review.NowInternal):
        review.approve(ready, agent, plain_text(ready), seconds=1)
    ready.refresh_from_db()
    assert ready.state == "ready" and not Reply.objects.exists()


def test_drafts_that_nobody_began_have_not_failed(helpdesk, monkeypatch):
    def out_of_time(*args, **kwargs):
        raise SoftTimeLimitExceeded

    made = [ask(helpdesk, str(number)) for number in range(3)]
    monkeypatch.setattr(writing, "answer", out_of_time)
    assert drafts.draft_batch() is True
    assert list(Draft.objects.order_by("pk").values_list("state", "attempts")) == [
        ("pending", 1), ("pending", 0), ("pending", 0),
    ]  # fmt: skip
    assert len(made) == 3


def test_correcting_an_intent_keeps_what_a_message_brought_meanwhile(ready, agent):
    stale = Ticket.objects.get()
    fresh = Ticket.objects.get()
    fresh.remember({"[EMAIL_1]": "maud@example.com"})
    fresh.save()
    correct_intent(stale, agent, "billing")
    ticket = Ticket.objects.get()
    assert ticket.originals == {"[EMAIL_1]": "maud@example.com"} and ticket.intent == "billing"
