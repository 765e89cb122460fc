"""A requester is forgotten: their rows, what was made of them, and what others' rows say of them."""

import json
from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from knowledge.models import Article, ArticleVersion, OwnArticle, Passage, Posting, Source, Term
from tests.sending import payload
from tickets import deliveries, insights, proposals
from tickets.erasure import certificate, matching, preview, rows, runs
from tickets.erasure.marks import Pattern
from tickets.models import (
    Asked,
    AuditEntry,
    Citation,
    CountedDraft,
    Delivery,
    Draft,
    Erasure,
    Gap,
    GapQuestion,
    Message,
    Reply,
    Review,
    Ticket,
    TrainingRow,
    TrainingVector,
    TriageModel,
)

pytestmark = pytest.mark.django_db
MAIL, NAME, PHONE = "camille@roche.example", "Camille Roche", "+33 6 12 34 56 78"
SAID = "My folding bike lost its left pedal near the old mill."


@pytest.fixture
def theirs(make_ticket, make_draft, machine, passage):
    """A ticket of the requester with what was made of it; the draft was edited and sent."""
    ticket = make_ticket(
        "The pedal", requester_name=NAME, requester_email="Camille@Roche.example", body=f"{SAID} Call {PHONE}",
        redacted=f"{SAID} Call [PHONE_1]",
    )  # fmt: skip
    ticket.remember({"[PHONE_1]": PHONE})
    ticket.save()
    draft = make_draft(ticket, Draft.State.ACCEPTED)
    Citation.objects.create(draft=draft, passage=passage, sentence=1, number=1, start=0, end=5, score=1)
    review = Review.objects.create(draft=draft, outcome="edited", seconds=30, diff=f"-{SAID}", note=NAME)
    Reply.objects.create(review=review, ticket=ticket, body=f"Dear {NAME}", not_before=timezone.now(), state="sent")
    row = TrainingRow.objects.create(ticket=ticket, text=SAID, intent="repair", language="en", origin="agent")
    TrainingVector.objects.create(row=row, recipe="fake-1", digest="x", vector=b"1234")
    return ticket


@pytest.fixture
def call(helpdesk):
    """A webhook call as it came."""

    def make(body, ticket=None, state="done", minutes=5, **fields):
        name = fields.pop("external_id", f"call-{Delivery.objects.count()}")
        made = Delivery.objects.create(
            helpdesk=helpdesk, external_id=name, state=state, ticket=ticket,
            body=body if isinstance(body, bytes) else json.dumps(body).encode(),
        )  # fmt: skip
        Delivery.objects.filter(pk=made.pk).update(received_at=timezone.now() - timedelta(minutes=minutes))
        return made

    return make


def erase(address=MAIL, **more):
    erasure = runs.ask(address, actor="user:1", **more)
    assert runs.work(erasure.pk)
    erasure.refresh_from_db()
    return erasure


def test_their_ticket_goes_with_everything_made_of_it(theirs, make_ticket):
    other = make_ticket("Another")
    erasure = erase()
    assert list(Ticket.objects.all()) == [other]
    assert not Draft.objects.exists() and not Review.objects.exists() and not TrainingVector.objects.exists()
    assert erasure.state == "done" and erasure.remembers == ""
    assert erasure.counts["tickets.Ticket"] == erasure.counts["tickets.Reply"] == 1
    assert erasure.counts["tickets.TrainingVector"] == 1


def test_the_insights_count_as_before(theirs, call):
    before = insights.compute()
    assert before.total.edited == 1
    erase()
    assert insights.compute() == before and CountedDraft.objects.count() == 1


def test_what_others_say_of_them_is_masked_and_stays_as_long(theirs, make_ticket):
    other = make_ticket(
        "For a colleague", body=f"ask CAMILLE ROCHE, {MAIL}, 06.12.34.56.78", redacted="ask Roche Camille"
    )
    other.remember({"[EMAIL_1]": MAIL})
    other.save()
    length = len(other.messages.get().body)
    erasure = erase()
    message = other.messages.get()
    assert message.body == f"ask {'█' * 13}, {'█' * 21}, {'█' * 14}" and len(message.body) == length
    assert message.redacted == f"ask {'█' * 13}"
    other.refresh_from_db()
    assert MAIL not in other.placeholders
    assert erasure.masked["tickets.Message"] == 4 and erasure.masked["tickets.Ticket"] == 1


def test_a_first_name_alone_is_too_many_peoples(theirs, make_ticket):
    make_ticket("x", body="Camille from the shop, camille@roche.example.org")
    erase()
    assert Message.objects.get().body == "Camille from the shop, camille@roche.example.org"


def test_a_number_that_an_article_holds_is_the_companys(theirs, make_ticket, passage):
    Passage.objects.filter(pk=passage.pk).update(text=f"Call us: {PHONE}", current=True)
    make_ticket("x", body=f"I called {PHONE}")
    erase()
    assert Message.objects.get().body == f"I called {PHONE}"


@pytest.mark.parametrize(
    ("strings", "text"),
    [
        ([("PERSON", "Zoé Lévêque")], "ZOE LEVEQUE"),
        ([("PERSON", "Zoé Lévêque")], "Le\u0301ve\u0302que, Zoe\u0301"),
        ([("PERSON", "Иван Петров")], "ИВАН ПЕТРОВ"),
        ([("PHONE", "+33 6 12 34 56 78")], "0033612345678"),
        ([("PHONE", "06 12 34 56 78")], "+33 (0)6 12 34 56 78"),
        ([("IBAN", "FR7630006000011234567890189")], "FR76 3000 6000 0112 3456 7890 189"),
        ([("EMAIL", "a.b@c.example")], "<A.B@C.EXAMPLE>"),
    ],
)
def test_what_is_written_in_another_way_is_found(strings, text):
    pattern = Pattern(strings)
    assert pattern.mask(text)[1] == 1
    assert Ticket.objects.filter(subject__iregex=pattern.for_sql).count() == 0  # PostgreSQL can read it
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT %s ~* %s", [text, pattern.for_sql])
        assert cursor.fetchone()[0]


@pytest.mark.parametrize("text", ["xa.b@c.example", "a.b@c.example-shop", "106123456789"])
def test_what_only_looks_alike_is_not(text):
    assert Pattern([("EMAIL", "a.b@c.example"), ("PHONE", "06 12 34 56 78")]).mask(text)[1] == 0


def test_calls_are_emptied_and_a_repeat_is_still_known(theirs, call, client, helpdesk):
    event = {"note": f"from {MAIL}"}
    kept = call(event, theirs)
    failed, ignored = call(b"\xff " + MAIL.encode(), state="failed"), call(event, state="ignored")
    waiting = call(event, state="received")
    other = call({"note": "from nobody"}, state="failed")
    escaped = call(json.dumps(event).replace("@", "\\u0040").encode(), state="failed")
    erasure = erase()
    for one in (kept, failed, ignored, waiting, escaped):
        one.refresh_from_db()
        assert bytes(one.body) == b"" and one.reason == "erased"
    assert waiting.state == "ignored" and erasure.counts["tickets.Delivery"] == 5
    other.refresh_from_db()
    assert bytes(other.body)


def test_a_call_of_somebody_else_that_names_them_is_masked(theirs, call, helpdesk):
    helpdesk.dialect = "standard"
    helpdesk.save()
    event = payload(ticket="9", message="9-1", body=f"My friend {MAIL} said so")
    one = call(event, state="failed")
    erasure = erase()
    one.refresh_from_db()
    read = json.loads(bytes(one.body))
    assert MAIL not in json.dumps(read) and "█" in read["data"]["message"]["body"]
    assert erasure.masked["tickets.Delivery"] == 1


def test_what_arrives_afterwards_is_a_new_ticket(theirs, call, helpdesk):
    helpdesk.dialect = "standard"
    helpdesk.save()
    erase()
    event = payload(ticket="77", message="77-1", body="Hello again")
    event["data"]["ticket"]["requester"] = {"name": NAME, "email": MAIL}
    deliveries.process(call(event, state="received", minutes=0).pk)
    assert Ticket.objects.get().requester_email == MAIL
    again = erase()
    assert not Ticket.objects.exists() and matching(MAIL).count() == 2 and again.state == "done"


def test_what_was_received_after_the_request_is_not_touched(theirs, call, make_ticket):
    erasure = runs.ask(MAIL, actor="user:1")
    later = call({"note": MAIL}, state="received", minutes=-5)
    ticket = make_ticket("New", requester_email=MAIL, minutes=-5)
    runs.work(erasure.pk)
    later.refresh_from_db()
    assert bytes(later.body) and list(Ticket.objects.all()) == [ticket]
    assert ticket.messages.get().body == "Who pays?"


def test_copies_that_colleagues_asked_or_a_file_taught_go(theirs, agent):
    Asked.objects.create(user=agent, question=SAID[:40], language="en", answered=False)
    kept = Asked.objects.create(user=agent, question="Where is the manual?", language="en", answered=False)
    TrainingRow.objects.create(
        text=f"Subject\n{SAID} Call [PHONE_1] soon", intent="x", language="en", origin="imported"
    )
    other = TrainingRow.objects.create(text="Something else", intent="x", language="en", origin="imported")
    erase()
    assert list(Asked.objects.all()) == [kept] and list(TrainingRow.objects.all()) == [other]


def test_a_gap_is_named_by_the_questions_that_are_left(theirs, make_ticket, machine):
    other = make_ticket("Saddle of a cargo bike", body="Which saddle fits a cargo bike?")
    gap = Gap.objects.create(name="The pedal near the old mill", words=["mill"], recipe="fake-1", centre=[1.0] * 384)
    alone = Gap.objects.create(name="The pedal", recipe="fake-1", centre=[1.0] * 384)
    GapQuestion.objects.create(gap=gap, ticket=theirs, sign="abstained", asked_at=timezone.now())
    GapQuestion.objects.create(gap=gap, ticket=other, sign="abstained", asked_at=timezone.now())
    second = make_ticket("y", requester_email=MAIL)
    GapQuestion.objects.create(gap=alone, ticket=second, sign="abstained", asked_at=timezone.now())
    erase()
    left = Gap.objects.get()
    assert left == gap and left.name == "Saddle of a cargo bike" and "mill" not in left.words
    assert left.centre != gap.centre and len(left.centre) == 384


@pytest.fixture
def kept_reply(theirs, manager):
    """An article that was begun from the reply, changed by hand, published and cited by another ticket."""
    own = proposals.keep(Reply.objects.get(), manager)
    OwnArticle.objects.filter(pk=own.pk).update(state="published", title="Pedals", body="Pedals screw off.")
    article = Article.objects.create(source=own.source, external_id=own.external_id)
    version = ArticleVersion.objects.create(
        article=article, number=1, title="Pedals", language="en", visibility="public", body=SAID, fingerprint="1"
    )
    passage = Passage.objects.create(version=version, position=0, text=SAID, language="en", visibility="public")
    term = Term.objects.create(stem="mill", language="en", visibility="public")
    Posting.objects.create(term=term, passage=passage, frequency=1, words=1)
    return own


def test_an_article_made_of_it_is_listed_and_kept_unless_decided(kept_reply, theirs):
    [listed] = preview(MAIL).articles
    assert (listed.pk, listed.title, listed.names_them) == (kept_reply.pk, "Pedals", False)
    erasure = erase()
    assert OwnArticle.objects.exists() and Passage.objects.filter(text=SAID).exists()
    assert erasure.left["own_articles"] == 1


def test_an_article_that_was_decided_on_goes_with_all_that_makes_it_findable(
    kept_reply, theirs, make_ticket, make_draft
):
    other = make_draft(make_ticket("Other"))
    passage = Passage.objects.get(text=SAID)
    Citation.objects.create(draft=other, passage=passage, sentence=1, number=1, start=0, end=5, score=1)
    erasure = erase(articles=[kept_reply.pk])
    assert not OwnArticle.objects.exists() and not Article.objects.filter(external_id=kept_reply.external_id).exists()
    assert not Posting.objects.exists() and not Term.objects.exists()
    other.refresh_from_db()
    assert other.sentences[1]["cites"] == [] and not other.citations.exists()
    assert erasure.counts["knowledge.Passage"] == 1 and "own_articles" not in erasure.left


def test_a_look_at_the_source_that_is_under_way_is_waited_for(kept_reply, theirs):
    from knowledge.models import SyncRun

    run = SyncRun.objects.create(source=kept_reply.source, state="running")
    erasure = runs.ask(MAIL, actor="user:1", articles=[kept_reply.pk])
    assert not runs.work(erasure.pk) and Ticket.objects.exists()
    SyncRun.objects.filter(pk=run.pk).update(state="done")
    assert runs.work(erasure.pk) and not OwnArticle.objects.exists()


def test_other_sources_that_name_them_are_told_of(theirs, passage):
    ArticleVersion.objects.update(body=f"Write to {MAIL}")
    assert preview(MAIL).left == {"articles": 1}
    assert erase().left == {"articles": 1} and MAIL in ArticleVersion.objects.get().body


def test_a_dry_run_changes_nothing_and_says_what_will_be(theirs, make_ticket, call, capsys, agent, kept_reply):
    make_ticket("x", body=f"see {MAIL}")
    call({"note": MAIL}, theirs)
    call({"note": MAIL}, state="failed")
    Asked.objects.create(user=agent, question=MAIL, language="en", answered=False)

    def everything():
        return [
            list(model.objects.order_by("pk").values()) for model in (Ticket, Message, Delivery, Draft, Asked, Reply)
        ]

    before = everything()
    call_command("erase", MAIL, "--dry-run")
    assert everything() == before and not Erasure.objects.exists() and not AuditEntry.objects.exists()
    said = preview(MAIL)
    erasure = erase()
    assert dict(said.counts) == {k: v for k, v in erasure.counts.items() if not k.startswith("models")}
    assert dict(said.masked) == erasure.masked
    out = capsys.readouterr().out
    assert f"to decide: article {kept_reply.pk}" in out and "would go: 1 tickets.Ticket" in out


def test_one_helpdesk_only(theirs, make_ticket, helpdesk):
    from tickets.models import Helpdesk

    other = Helpdesk.objects.create(slug="two", name="Two", dialect="zammad", webhook_secret="x" * 12)
    elsewhere = make_ticket("Elsewhere", requester_email=MAIL, requester_name=NAME)
    about = make_ticket("About", body=f"see {MAIL}")
    Ticket.objects.filter(pk__in=(elsewhere.pk, about.pk)).update(helpdesk=other)
    erase(helpdesk=helpdesk)
    assert set(Ticket.objects.all()) == {elsewhere, about} and MAIL in about.messages.get().body


def test_a_session_that_names_them_ends(theirs):
    engine = import_module(settings.SESSION_ENGINE)
    named, other = engine.SessionStore(), engine.SessionStore()
    named["_messages"], other["x"] = f"Sent to {MAIL}", "y"
    named.save()
    other.save()
    erasure = erase()
    assert erasure.counts["sessions"] == 1 and other.exists(other.session_key)


def test_models_that_knew_their_rows_are_emptied_or_marked(theirs):
    from tickets import versions
    from tickets.lesson import Row

    row = TrainingRow.objects.get()
    known = versions.packed([Row(row.pk, row.text, row.intent, row.origin)])
    TriageModel.objects.create(blob=b"x", knows=known, recipe="fake-1", rows=1, is_active=False)
    serving = TriageModel.objects.create(blob=b"x", knows=known, recipe="fake-1", rows=1, is_active=True)
    erasure = erase()
    assert erasure.counts["models_emptied"] == 1 and erasure.counts["models_marked"] == 1
    assert versions.erased(serving) == 1


def test_the_certificate_holds_no_content_and_its_place_in_the_audit(theirs, make_ticket, call):
    make_ticket("x", body=f"see {MAIL}")
    erasure = erase()
    said = certificate.as_json(erasure)
    for secret in (MAIL, "roche", "Camille", PHONE, "pedal"):
        assert secret.casefold() not in said.casefold()
    entry = AuditEntry.objects.get(kind="erasure.done")
    assert entry.digest == erasure.digest and entry.facts["ticket"] == 1 and entry.facts["masked"] == 2
    assert json.loads(said)["audit"]["row"] == entry.pk
    assert matching("  CAMILLE@roche.example ").get() == erasure and not matching("b@c.example").exists()
    everything = json.dumps(list(Erasure.objects.values()), default=str)
    assert MAIL not in everything.casefold()


def test_killed_half_way_it_is_finished_by_the_sweep(theirs, make_ticket, monkeypatch):
    second = make_ticket("Second", requester_email=MAIL)
    about = make_ticket("About", body=f"{NAME} and {PHONE}")
    real, seen = rows.erase_ticket, []

    def dies(pk, erasure):
        if seen:
            raise KeyboardInterrupt
        seen.append(pk)
        real(pk, erasure)

    monkeypatch.setattr(rows, "erase_ticket", dies)
    erasure = runs.ask(MAIL, actor="user:1")
    with pytest.raises(KeyboardInterrupt):
        runs.work(erasure.pk)
    monkeypatch.setattr(rows, "erase_ticket", real)
    assert list(Ticket.objects.filter(requester_email__iexact=MAIL)) == [second]
    assert not runs.work(erasure.pk), "its lease still runs"
    Erasure.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    woken = []
    monkeypatch.setattr(runs, "wake", lambda task, pk, **more: woken.append(pk))
    runs.look_after(timezone.now())
    assert woken == [erasure.pk]
    assert runs.work(erasure.pk)
    erasure.refresh_from_db()
    # The name was known of the ticket that went before the worker died.
    assert about.messages.get().body == f"{'█' * len(NAME)} and {'█' * len(PHONE)}"
    assert erasure.counts["tickets.Ticket"] == 2 and erasure.state == "done"


def test_asking_again_takes_up_what_failed(theirs, monkeypatch):
    def breaks(self):
        raise RuntimeError(MAIL)

    monkeypatch.setattr("tickets.erasure.steps.Steps.mentions", breaks)
    erasure = runs.ask(MAIL, actor="user:1")
    with pytest.raises(RuntimeError):
        runs.work(erasure.pk)
    erasure.refresh_from_db()
    assert erasure.error == "RuntimeError" and not Ticket.objects.exists()
    monkeypatch.undo()
    assert runs.ask(MAIL, actor="user:1") == erasure and runs.work(erasure.pk)


def test_one_at_a_time(theirs):
    runs.ask(MAIL, actor="user:1")
    with pytest.raises(runs.Open):
        runs.ask("else@where.example", actor="user:1")


def test_out_of_time_it_goes_on_later(theirs):
    erasure = runs.ask(MAIL, actor="user:1")
    assert not runs.work(erasure.pk, until=0.0)
    assert runs.work(erasure.pk)


def test_the_command_asks_and_certifies(theirs, capsys, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda _: "somebody@else.example")
    with pytest.raises(CommandError, match="nothing was erased"):
        call_command("erase", MAIL)
    assert Ticket.objects.exists()
    monkeypatch.setattr("builtins.input", lambda _: MAIL.upper())
    call_command("erase", MAIL)
    assert not Ticket.objects.exists() and '"tickets.Ticket": 1' in capsys.readouterr().out
    with pytest.raises(CommandError, match="not an e-mail"):
        call_command("erase", "camille", "--yes")


def test_somebody_nobody_knows_leaves_a_certificate_of_nothing(make_ticket):
    make_ticket()
    assert preview("no@body.example").is_empty
    assert erase("no@body.example").counts == {} and Ticket.objects.count() == 1


def test_source_is_a_model_that_is_not_looked_through(theirs):
    Source.objects.create(name=f"Mails of {NAME}", location="/x")
    erase()
    assert Source.objects.filter(name__contains=NAME).exists()


def test_a_model_that_knew_them_serves_a_day_at_most(theirs, settings):
    from tickets import nightly, versions
    from tickets.lesson import Row

    settings.TRIAGE_LEARNS = "never"
    row = TrainingRow.objects.get()
    known = versions.packed([Row(row.pk, row.text, row.intent, row.origin)])
    TriageModel.objects.create(blob=b"x", knows=known, recipe="fake-1", rows=1, is_active=True)
    for intent in ("a", "b"):  # there is something to learn from, but no run ever ends well
        TrainingRow.objects.create(text=intent, intent=intent, language="en", origin="imported")
    erase()
    now = timezone.now()
    nightly.look_after(now)
    assert versions.active() is not None and nightly.must_forget(now + timedelta(hours=23))
    nightly.look_after(now + timedelta(hours=25))
    assert versions.active() is None and bytes(TriageModel.objects.get().blob) == b""
