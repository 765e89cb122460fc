"""Tickets that nobody would write for a demo: each ends in a clear state, and none in a draft that is not one."""

import pytest
from django.core.management import call_command
from django.db import connection

from copilot.drafting.writers import REPEATED, UNCARRIED
from copilot.engine import embedder
from knowledge.indexing import sync
from knowledge.models import Source
from tests.fakes import ScriptedGenerator
from tests.sending import SECRET, payload, post
from tests.side_by_side import Listed
from tickets import board, claims, deliveries, drafts, tasks, writing
from tickets.models import Citation, Delivery, Draft, Helpdesk, Message, Problem, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

REFUND = "A duplicate charge is refunded to the card within ten days. Open Billing and press Report to ask for it."
QUESTION = "When is a duplicate charge refunded to my card?"
DUTCH = "Goedemiddag, er is twee keer geld van mijn rekening afgeschreven. Wanneer krijg ik het dubbele bedrag terug?"
JAPANESE = "こんにちは。カードから二重に請求されました。いつ返金されますか。教えていただけると助かります。"


@pytest.fixture(autouse=True)
def asleep(monkeypatch):
    """No worker is woken: the test is the worker."""
    for task in (tasks.process_delivery, tasks.draft_pending):
        monkeypatch.setattr(task, "apply_async", lambda **_: None)


@pytest.fixture
def desk(db):
    return Helpdesk.objects.create(slug="desk", name="Desk", dialect="standard", webhook_secret=SECRET)


@pytest.fixture
def articles(db):
    sync(Source.objects.create(name="s", location=""), Listed({"refund": REFUND}), embedder())


def arrive(client, body, subject="Duplicate charge", name="1", **more):
    """A webhook call taken in as its worker would, and its draft."""
    event = payload(ticket=name, body=body, **more)
    event["data"]["ticket"]["subject"] = subject
    assert post(client, "desk", event, identifier=name).status_code == 202
    deliveries.process(Delivery.objects.get(external_id=name).pk)
    assert Delivery.objects.get(external_id=name).state == "done"
    return Draft.objects.get(ticket__external_id=name)


def drafted(client, *arguments, **more):
    """The same, once the inference worker has had it."""
    draft = arrive(client, *arguments, **more)
    drafts.draft_batch()
    draft.refresh_from_db()
    return draft


def is_whole(draft):
    """A ready draft that starts with a greeting, ends with a closing and has a citation under each fact."""
    kinds = [sentence["kind"] for sentence in draft.sentences]
    cited = set(Citation.objects.filter(draft=draft).values_list("sentence", flat=True))
    facts = {index for index, kind in enumerate(kinds) if kind == "fact"}
    return draft.state == "ready" and kinds[0] == "greeting" and kinds[-1] == "closing" and facts and facts <= cited


def test_an_ordinary_ticket_is_answered(client, desk, articles):
    assert is_whole(drafted(client, QUESTION))


def test_fifty_thousand_words(client, desk, articles, settings):
    settings.DRAFT_DEADLINE_SECONDS = 30
    story = "I went to the shop on Monday and told them about it at some length, as I do. " * 2900
    draft = drafted(client, f"{QUESTION}\n\n{story}")
    assert len(story.split()) > 50_000 and draft.state in ("ready", "abstained") and draft.timings["total"] < 30
    assert draft.state == "abstained" or is_whole(draft)


def test_only_an_image(client, desk, articles):
    draft = drafted(client, "<p><img src='cid:1' alt=''></p>", content_type="text/html")
    assert (draft.state, draft.reason, draft.sentences) == ("failed", "no_text", [])


@pytest.mark.parametrize("body", ["??", "…", "?? !! 12345"])
def test_only_signs(client, desk, articles, body):
    draft = drafted(client, body, subject="")
    assert (draft.state, draft.reason, draft.facts) == ("abstained", "not_a_question", [])


@pytest.mark.parametrize("body", [DUTCH, JAPANESE])
def test_a_language_that_we_do_not_draft_in(client, desk, articles, body):
    draft = drafted(client, body, subject="")
    assert (draft.state, draft.reason, draft.facts) == ("abstained", "other_language", [])


def test_an_agent_may_have_a_draft_for_it_all_the_same(client, desk, articles):
    draft = drafted(client, DUTCH, subject="Duplicate charge")
    again = drafts.request_draft(draft.message, drafts.Wish(language="en"), former=draft)
    drafts.draft_batch()
    again.refresh_from_db()
    assert again.state in ("ready", "abstained") and again.reason != "other_language"


MARKDOWN = f"# Help\n\n* {QUESTION}\n* **Now**\n\n```\nselect 1;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
HTML = f"<div><script>alert(1)</script><h1>Help</h1><p>{QUESTION}</p><table><tr><td>1</td></tr></table></div>"
LINKS = (
    QUESTION
    + "\n"
    + "\n".join(f"https://shop.example/orders/{n}?utm_source=mail&session={n * 7919}" for n in range(300))
)


@pytest.mark.parametrize(("body", "kind"), [(MARKDOWN, "text/plain"), (HTML, "text/html"), (LINKS, "text/plain")])
def test_marks_and_links(client, desk, articles, body, kind):
    draft = drafted(client, body, content_type=kind)
    assert is_whole(draft)
    said = " ".join(sentence["text"] for sentence in draft.sentences)
    assert not any(mark in said for mark in ("<", "```", "https://", "alert("))


def test_an_empty_knowledge_base(client, desk):
    draft = drafted(client, QUESTION)
    assert (draft.state, draft.reason, draft.facts) == ("abstained", "nothing_found", [])


def write_nothing(folder):
    folder.rmdir()


def write_half(folder):
    for name, content in {"config.json": b"{}", "tokenizer.json": b'{"version":', "model.bin": b"\x06\0\0\0"}.items():
        (folder / name).write_bytes(content)
    (folder / "souffleur.json").write_text('{"format": 1, "kind": "generator"}')


def write_another_version(folder):
    write_half(folder)
    (folder / "souffleur.json").write_text('{"format": 99, "kind": "generator"}')


@pytest.mark.parametrize("damage", [write_nothing, write_half, write_another_version])
def test_a_writing_model_that_cannot_be_loaded(client, desk, articles, settings, tmp_path, damage):
    folder = tmp_path / "writer"
    folder.mkdir()
    damage(folder)
    settings.WRITER_MODEL = str(folder)
    draft = drafted(client, QUESTION)
    assert is_whole(draft) and (draft.writer, draft.note) == ("quote", writing.UNLOADED)
    assert Problem.objects.get(kind="writer").text
    drafted(client, QUESTION, name="2")
    assert Problem.objects.get(kind="writer").count == 2


@pytest.mark.parametrize("text", ["the " * 2000, "\n" * 2000, "", "[1] " * 500, "Refund refund refund. [1] " * 100])
def test_a_model_that_loops_or_says_nothing(client, desk, articles, monkeypatch, text):
    monkeypatch.setattr(writing, "generator", lambda: ScriptedGenerator(text))
    draft = drafted(client, QUESTION)
    assert is_whole(draft) and draft.writer == "quote" and draft.note in (UNCARRIED, REPEATED)
    assert Problem.objects.filter(kind="uncarried").exists()


def test_an_embedder_that_cannot_be_loaded(client, desk, articles, settings, monkeypatch):
    draft = arrive(client, QUESTION)
    settings.EMBEDDER = "/nowhere"
    monkeypatch.setattr("knowledge.recipes.embedder_of", lambda recipe: None)
    for _ in range(claims.MAX_ATTEMPTS):
        Draft.objects.update(not_before=None)
        drafts.draft_batch()
    draft.refresh_from_db()
    assert (draft.state, draft.reason, draft.sentences) == ("failed", "no_embedder", [])
    assert Problem.objects.filter(kind="embedder").exists() and draft in claims.dead()


def test_redis_is_dead(client, desk, articles, settings, monkeypatch):
    monkeypatch.setattr(board, "_away_until", 0.0)
    settings.CELERY_BROKER_URL = "redis+socket:///nowhere/redis.sock"
    draft = drafted(client, QUESTION)
    assert is_whole(draft) and Problem.objects.get(kind="redis").count == 1


@pytest.mark.django_db(transaction=True)
def test_the_database_goes_away_in_mid_draft(client, desk, articles, monkeypatch):
    def kill(*arguments, **options):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    draft = arrive(client, QUESTION)
    whole = writing.answer
    monkeypatch.setattr(writing, "answer", kill)
    drafts.draft_batch()
    draft.refresh_from_db()
    assert (draft.state, draft.attempts, draft.sentences, draft.reason) == ("pending", 1, [], "database_gone")
    assert Problem.objects.filter(kind="database").exists()
    monkeypatch.setattr(writing, "answer", whole)
    Draft.objects.update(not_before=None)
    drafts.draft_batch()
    draft.refresh_from_db()
    assert is_whole(draft) and draft.attempts == 2


def test_a_newer_message_takes_the_draft_away_while_it_is_written(client, desk, articles, monkeypatch):
    def interrupted(request, *, progress, **options):
        if not Message.objects.filter(external_id="2").exists():
            arrive_second(client)
        return whole(request, progress=progress, **options)

    whole = writing.answer
    monkeypatch.setattr(writing, "answer", interrupted)
    first = drafted(client, QUESTION)
    assert (first.state, first.sentences) == ("superseded", [])
    drafts.draft_batch()
    second = Draft.objects.get(message__external_id="2")
    assert is_whole(second) and Ticket.objects.count() == 1


def arrive_second(client):
    event = payload(ticket="1", message="2", body=f"{QUESTION} It is urgent.")
    event["timestamp"] = "2026-03-03T11:00:00Z"
    post(client, "desk", event, identifier="second")
    deliveries.process(Delivery.objects.get(external_id="second").pk)


def test_the_same_recipe_gives_the_same_text(client, desk, articles):
    first = drafted(client, QUESTION)
    again = drafts.request_draft(first.message, drafts.Wish())
    drafts.draft_batch()
    again.refresh_from_db()
    assert (again.recipe, again.sentences) == (first.recipe, first.sentences)


def test_nothing_is_missing_from_the_migrations():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
