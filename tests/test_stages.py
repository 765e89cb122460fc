"""A draft under way: shown while it is written, stopped when it must be, and never half shown as whole."""

import json

import pytest
from redis import Redis

from copilot.drafting.types import Sentence
from tests.fakes import ScriptedGenerator
from tests.side_by_side import TEXTS
from tickets import board, claims, drafts, stages, tasks, writing
from tickets.limited import Limited
from tickets.models import Draft
from tickets.stages import NotOurs, Stages, TooSlow

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
HELLO = Sentence("Hello [PERSON_1],", "greeting", 0)


@pytest.fixture(autouse=True)
def asleep(monkeypatch):
    monkeypatch.setattr(tasks.draft_pending, "apply_async", lambda **_: None)
    monkeypatch.setattr(board, "_away_until", 0.0)
    monkeypatch.setattr(writing, "generator", lambda: None)


@pytest.fixture
def redis(settings):
    return Redis.from_url(settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://"))


@pytest.fixture
def working(ticket, make_draft):
    """A draft that this test, as its worker, has claimed."""
    make_draft(ticket, Draft.State.PENDING)
    [draft] = claims.claim()
    claims.begin(draft)
    return draft


def test_what_was_said_is_read_by_another_process_and_gone_when_the_draft_is(working, redis):
    Stages(working)("verify", [HELLO])
    seen = board.read(Draft.objects.get())
    assert seen is not None and (seen.stage, list(seen.sentences)) == ("verify", ["Hello [PERSON_1],"])
    assert 0 < redis.ttl(board._key(working)) <= board.SECONDS
    board.clear(working)
    assert board.read(working) is None and not redis.exists(board._key(working))


def test_what_lies_in_redis_can_be_read_with_the_key_only(working, redis):
    Stages(working)("verify", [HELLO])
    assert b"Hello" not in redis.get(board._key(working))


def test_what_an_earlier_worker_said_is_not_shown(working):
    Stages(working)("verify", [HELLO])
    Draft.objects.update(state="pending", claim=None)
    claims.claim()
    assert board.read(Draft.objects.get()) is None


def test_nothing_that_can_be_read_is_nothing(working, redis):
    redis.set(board._key(working), "garbage", ex=5)
    assert board.read(working) is None
    board.clear(working)


def test_a_draft_past_its_deadline_stops_at_its_next_stage(working, settings):
    told = Stages(working)
    settings.DRAFT_DEADLINE_SECONDS = 0
    with pytest.raises(TooSlow):
        told("write", [])


def test_a_draft_that_was_taken_away_stops_at_its_next_stage(working, monkeypatch):
    monkeypatch.setattr(stages, "RENEW_SECONDS", 0)
    told = Stages(working)
    told("retrieve", [])
    Draft.objects.update(state="superseded")
    with pytest.raises(NotOurs):
        told("select", [])


def test_the_lease_is_renewed_while_sentences_are_checked(working, monkeypatch):
    told = Stages(working)
    told("verify", [])
    before = Draft.objects.get().claimed_at
    told("verify", [HELLO])
    assert Draft.objects.get().claimed_at == before  # not at every sentence
    monkeypatch.setattr(stages, "RENEW_SECONDS", 0)
    told("verify", [HELLO])
    assert Draft.objects.get().claimed_at > before


def test_every_stage_is_timed_and_nothing_stays_in_redis(filled, ticket, make_draft, redis):
    said = []
    make_draft(ticket, Draft.State.PENDING)
    ticket.messages.update(body=TEXTS["refund"], redacted=TEXTS["refund"])
    put = board.put
    board.put = lambda draft, stage, sentences: said.append((stage, list(sentences))) or put(draft, stage, sentences)
    try:
        drafts.draft_batch()
    finally:
        board.put = put
    draft = Draft.objects.get()
    assert draft.state == "ready" and {"retrieve", "select", "write", "total"} <= set(draft.timings)
    assert sum(draft.timings.values()) - draft.timings["total"] == pytest.approx(draft.timings["total"], abs=0.01)
    assert [stage for stage, _ in said][:3] == ["retrieve", "select", "write"]
    whole = [sentence["text"] for sentence in draft.sentences]
    assert all(set(sentences) <= set(whole) for _, sentences in said)
    assert not redis.exists(board._key(draft)) and json.dumps(draft.timings)


def test_too_slow_is_tried_again_and_then_said(filled, ticket, make_draft, settings):
    make_draft(ticket, Draft.State.PENDING)
    settings.DRAFT_DEADLINE_SECONDS = 0
    for _ in range(claims.MAX_ATTEMPTS):
        Draft.objects.update(not_before=None)
        drafts.draft_batch()
    draft = Draft.objects.get()
    assert (draft.state, draft.reason, draft.attempts) == ("failed", "too_slow", 3)


def test_a_model_stops_at_its_next_token_past_the_deadline(working, settings):
    class Endless(ScriptedGenerator):
        def generate(self, prompts, max_tokens, *, should_stop, **_):
            self.texts = []
            while not should_stop():
                self.texts.append("on")
                if len(self.texts) == 3:
                    settings.DRAFT_DEADLINE_SECONDS = 0
            return self.texts

    assert Limited(Endless(), Stages(working)).generate([], 5) == ["on", "on", "on"]
    assert Limited(Endless(), Stages(working)).generate([], 5, should_stop=lambda: True) == []
