"""Every text that a model is given leaves a row: which model, how much, its keyed hash; never the text."""

import hashlib
import json
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction

from copilot import engine
from copilot.celery import app
from copilot.privacy import calls as exits
from copilot.privacy.audit.rows import digest_of
from knowledge.indexing import sync
from knowledge.models import Source
from knowledge.sources.base import Document
from tests.sending import SECRET, payload
from tickets import tasks
from tickets.audit import SYSTEM, acting, calls
from tickets.audit.calls import about, gathering, write_calls
from tickets.audit.keys import text_key
from tickets.models import AuditEntry, Delivery, Helpdesk, Ticket

pytestmark = pytest.mark.django_db


def embed(*texts: str, model: str = "m-1") -> None:
    with exits.made("embed", model, lambda: texts):
        pass


def rows() -> list[AuditEntry]:
    return list(AuditEntry.objects.order_by("pk"))


def test_a_call_has_a_row_with_sizes_and_a_keyed_hash():
    with acting("user:3"), gathering(view="answer"), about("ticket:7", draft=2):
        embed("My card 4242", "Who pays?")
    [row] = rows()
    assert (row.kind, row.model, row.actor, row.subject, row.size) == ("model.embed", "m-1", "user:3", "ticket:7", 21)
    assert row.facts == {"view": "answer", "draft": 2, "items": 2}
    assert row.digest == digest_of(["My card 4242", "Who pays?"], text_key())
    assert row.digest != hashlib.sha256(b"My card 4242Who pays?").hexdigest()


def test_nothing_is_done_where_nobody_watches(django_assert_num_queries):
    with django_assert_num_queries(0):
        embed("x")
    with exits.made("embed", "m", lambda: 1 / 0):  # the texts are not even asked for
        pass


def test_many_calls_are_a_few_rows():
    with gathering(task="train"):
        for number in range(500):
            embed(str(number))
    assert len(rows()) == calls.EACH + 1
    assert rows()[-1].facts == {"task": "train", "items": 480, "calls": 480}
    assert sum(row.facts["items"] for row in rows()) == 500


def test_a_long_task_tells_so_far(monkeypatch):
    monkeypatch.setattr(calls, "EVERY_SECONDS", 0.0)
    with gathering():
        embed("a")
        assert len(rows()) == 1


def test_a_call_that_failed_was_made():
    with pytest.raises(ZeroDivisionError), gathering(), exits.made("generate", "m", lambda: ["x"]):
        raise ZeroDivisionError
    assert rows()[0].facts["failed"] == 1


@pytest.mark.django_db(transaction=True)
def test_a_model_is_not_kept_from_its_work_by_a_database_that_is_gone(monkeypatch):
    def gone(_: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(calls, "record_all", gone)
    with gathering():
        embed("x")
    assert rows() == []


@pytest.mark.django_db(transaction=True)
def test_a_result_has_the_rows_of_its_calls_and_one_that_was_taken_back_too():
    with gathering():
        with transaction.atomic():
            embed("kept")
            write_calls()
        assert len(rows()) == 1
        with transaction.atomic():
            embed("lost", "twice")
            write_calls()
            transaction.set_rollback(True)
        assert len(rows()) == 1
    assert [row.facts["items"] for row in rows()] == [1, 2]


def test_every_task_gathers():
    app.loader.import_default_modules()
    ours = [task for name, task in app.tasks.items() if not name.startswith("celery.")]
    assert len(ours) > 10 and all(type(task).__call__.__qualname__ == "Recorded.__call__" for task in ours)


CANARY = "canary-7731@example.com"


class OneArticle:
    def documents(self) -> Iterator[Document]:
        yield Document(
            "refund.md", "Refunds", "", "en", "public",
            "A duplicate charge is refunded to the card within ten days.\n\n1. Open Billing.\n2. Press Report.",
        )  # fmt: skip


@pytest.mark.integration
def test_a_ticket_that_went_all_the_way_has_a_row_for_each_model_and_no_words(monkeypatch):
    for task in (tasks.draft_pending, tasks.summarise_pending, tasks.process_delivery):
        monkeypatch.setattr(task, "apply_async", lambda **_: None)
    embedder = engine.embedder()
    sync(Source.objects.create(name="s", location=""), OneArticle(), embedder)
    helpdesk = Helpdesk.objects.create(slug="d", name="D", dialect="standard", webhook_secret=SECRET)
    said = f"I was charged twice. {CANARY} is mine. When is a duplicate charge refunded to my card? " * 20
    body = json.dumps(payload(body=said)).replace('"Return"', '"Charged by canary-7731"')
    delivery = Delivery.objects.create(helpdesk=helpdesk, external_id="1", body=body.encode())
    tasks.process_delivery(delivery.pk)
    tasks.draft_pending()
    tasks.summarise_pending()
    ticket = Ticket.objects.get()
    assert ticket.drafts.get().state in ("ready", "abstained")
    found = AuditEntry.objects.filter(subject=f"ticket:{ticket.pk}", kind__startswith="model.")
    assert {(row.kind, row.facts["task"].rpartition(".")[2]) for row in found} >= {
        ("model.embed", "draft_pending"), ("model.read", "draft_pending"), ("model.embed", "summarise_pending"),
    }  # fmt: skip
    assert all(row.actor == SYSTEM and row.model and row.size and row.digest for row in found)
    assert {row.model for row in found if row.kind == "model.embed"} == {embedder.recipe}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), bool_or(e::text LIKE '%%canary%%' OR e::text LIKE '%%charge%%')"
                       " FROM tickets_auditentry e")  # fmt: skip
        count, is_leaking = cursor.fetchone()
    assert count and not is_leaking
