"""Looks at sources: one at a time, told about, stopped, taken over from the dead, never losing most of a source."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from knowledge import runs, syncing
from knowledge.models import OwnArticle, Source, SyncRun
from knowledge.sources.base import SourceMissing
from knowledge.syncing import work
from tests.fakes import FakeEmbedder
from tickets.sweep import sync_sources

pytestmark = pytest.mark.django_db
State = SyncRun.State


@pytest.fixture(autouse=True)
def embedder(monkeypatch):
    monkeypatch.setattr(syncing, "embedder", FakeEmbedder)


@pytest.fixture
def source():
    return Source.objects.create(name="own", kind=Source.Kind.OWN)


def write(source, *names, **fields):
    for name in names:
        OwnArticle.objects.create(
            source=source, external_id=name, title=name, language="en", body=f"All about {name}.",
            state=OwnArticle.State.PUBLISHED, **fields,
        )  # fmt: skip


def findable(source):
    return sorted(source.articles.filter(is_deleted=False).values_list("external_id", flat=True))


def test_a_run_says_what_it_saw_and_did(source):
    write(source, "refunds", "weights")
    run = runs.ask(source)
    assert work(run.pk) is None
    run.refresh_from_db()
    assert (run.state, run.seen, run.changed, run.passages, run.attempts) == (State.DONE, 2, 2, 2, 1)
    assert run.finished_at and run.claim is None
    OwnArticle.objects.filter(external_id="weights").update(state=OwnArticle.State.WITHDRAWN)
    second = runs.ask(source)
    work(second.pk)
    second.refresh_from_db()
    assert (second.changed, second.deleted) == (0, 1) and findable(source) == ["refunds"]


def test_a_source_has_one_open_run_and_one_worker(source):
    run = runs.ask(source)
    assert runs.ask(source).pk == run.pk
    assert runs.claim(run.pk) is not None and runs.claim(run.pk) is None
    assert work(run.pk) is None  # a task that comes twice


def test_what_changes_during_a_run_is_looked_at_after_it(source):
    run = runs.claim(runs.ask(source).pk)
    runs.ask(source)
    assert runs.finish(run.pk, run.claim, None) is True
    assert runs.ask(source).pk != run.pk


def test_a_stopped_run_ends_between_two_batches_and_keeps_what_was_written(source):
    write(source, *[f"a{n:02}" for n in range(70)])
    run = runs.ask(source)
    genuine = runs.tell

    def tell(pk, holder, report):
        if report.changed >= 32:
            runs.stop(source)
        genuine(pk, holder, report)

    with patch.object(runs, "tell", tell):
        assert work(run.pk) is None
    run.refresh_from_db()
    assert run.state == State.STOPPED and len(findable(source)) == 32
    assert runs.stop(source) is False


def test_a_source_that_cannot_be_read_fails_with_its_reason():
    source = Source.objects.create(name="gone", location="/nowhere/at/all")
    run = runs.ask(source)
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.error) == (State.FAILED, "/nowhere/at/all is not a folder")


def test_documents_that_cannot_be_read_are_named(tmp_path):
    (tmp_path / "good.md").write_text("# Good\n\nText that can be read.")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF")
    (tmp_path / "huge.pdf").open("wb").truncate(200 * 1024 * 1024)
    source = Source.objects.create(name="folder", location=str(tmp_path))
    run = runs.ask(source)
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.seen, run.failures) == (State.DONE, 3, 2)
    assert [error.document for error in run.errors.all()] == ["bad.pdf", "huge.pdf"]
    assert "larger than 25 MB" in run.errors.last().reason


def test_an_unexpected_error_is_told_too(source, monkeypatch):
    def burst(*arguments):
        raise ZeroDivisionError

    monkeypatch.setattr(syncing, "opened", burst)
    run = runs.ask(source)
    with pytest.raises(ZeroDivisionError):
        work(run.pk)
    run.refresh_from_db()
    assert run.state == State.FAILED and "ZeroDivisionError" in run.error


def test_a_run_whose_time_is_over_goes_on_in_the_next_task(source):
    write(source, "one")
    run = runs.ask(source)
    with patch.object(syncing, "_sync", side_effect=SoftTimeLimitExceeded):
        assert work(run.pk) == source
    assert runs.ask(source).pk == run.pk
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempts) == (State.DONE, 2)


def test_the_run_of_a_dead_worker_is_given_to_another(source):
    write(source, "one")
    run = runs.claim(runs.ask(source).pk)
    later = timezone.now() + runs.LEASE + timedelta(seconds=1)
    with patch("tickets.sweep.wake") as wake:
        sync_sources(later)
    assert wake.call_args.args[1] == run.pk
    with pytest.raises(runs.Stopped):  # the dead one, should it wake again
        runs.tell(run.pk, run.claim, syncing.SyncReport())
    work(run.pk)
    assert findable(source) == ["one"]


def test_a_run_that_kills_every_worker_is_given_up(source):
    run = runs.claim(runs.ask(source).pk)
    SyncRun.objects.update(attempts=runs.MAX_ATTEMPTS, heartbeat=timezone.now() - timedelta(hours=1))
    runs.release_abandoned(timezone.now())
    run.refresh_from_db()
    assert run.state == State.FAILED and "stopped again and again" in run.error


def test_a_source_is_looked_at_when_its_time_has_come(source):
    now = timezone.now()
    runs.ask_due(now)
    assert not SyncRun.objects.exists()
    Source.objects.update(every_hours=6)
    runs.ask_due(now)
    work(SyncRun.objects.get().pk)
    runs.ask_due(now + timedelta(hours=5))
    assert SyncRun.objects.count() == 1
    runs.ask_due(now + timedelta(hours=6, minutes=1))
    assert SyncRun.objects.count() == 2
    Source.objects.update(is_active=False)


def test_most_of_a_source_is_not_removed_without_a_persons_word(source):
    write(source, *[f"a{n:02}" for n in range(12)])
    work(runs.ask(source).pk)
    OwnArticle.objects.filter(external_id__gte="a02").update(state=OwnArticle.State.WITHDRAWN)
    run = runs.ask(source)
    work(run.pk)
    run.refresh_from_db()
    assert (run.held, run.deleted) == (10, 0) and len(findable(source)) == 12
    work(runs.ask(source, may_remove=True).pk)
    assert findable(source) == ["a00", "a01"]


def test_old_runs_are_forgotten(source):
    for _ in range(runs.KEPT + 3):
        work(runs.ask(source).pk)
    runs.forget()
    assert SyncRun.objects.count() == runs.KEPT


def test_a_source_may_say_no(source):
    with patch.object(syncing, "opened", side_effect=SourceMissing("not today")):
        run = runs.ask(source)
        work(run.pk)
    run.refresh_from_db()
    assert run.error == "not today"
