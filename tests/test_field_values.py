"""What is found is kept beside where it stands; what an agent says stays, and what is missing is asked for."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from copilot.drafting.compose import quote
from copilot.drafting.hold import hold
from copilot.drafting.missing import asking, with_missing
from copilot.drafting.types import Request
from copilot.privacy import redact
from tests.attaching import arrive, deliver, inline, work_through
from tests.sending import SECRET, payload
from tickets import correcting, drafts, finding, ready_fields, tasks
from tickets.facts import facts_of, field_names, with_facts
from tickets.labelling import correct_intent
from tickets.models import Draft, FieldDefinition, FieldReport, FieldValue, Helpdesk, RoutingRule, Ticket
from tickets.naming import label, question_of, slug

pytestmark = pytest.mark.django_db

IBAN = "FR14 2004 1010 0505 0001 3M02 606"


@pytest.fixture(autouse=True)
def asleep(monkeypatch):
    """No worker is woken: the test is the worker."""
    for name in [
        "process_delivery",
        "draft_pending",
        "fetch_attachment",
        "read_attachment",
        "summarise_pending",
        "write_back",
    ]:
        monkeypatch.setattr(getattr(tasks, name), "apply_async", lambda **_: None)


@pytest.fixture(autouse=True)
def desk(db):
    return Helpdesk.objects.create(slug="desk", name="Desk", dialect="standard", webhook_secret=SECRET)


@pytest.fixture
def order():
    """An order number, which every ticket needs."""
    return FieldDefinition.objects.create(
        name="order_number", kind="order_number", required=True, pattern=r"CY-\d{6}",
        question_en="your order number", question_fr="votre numéro de commande",
    )  # fmt: skip


def value(ticket, name="order_number"):
    return finding.effective(FieldValue.objects.filter(ticket=ticket))[name]


def test_a_value_is_kept_with_the_words_it_stands_on(client, order):
    ticket = arrive(client, "Hello, my order CY-220174 is late.")
    found, message = value(ticket), ticket.messages.get()
    assert (found.value, found.origin, found.message) == ("CY-220174", "found", message)
    assert message.body[found.start : found.end] == found.raw == "CY-220174"


def test_a_value_in_the_subject_counts(client, order):
    ticket = arrive(client, "It is late.", subject="CY-220174 is late")
    assert (value(ticket).value, value(ticket).message, value(ticket).attachment) == ("CY-220174", None, None)


def test_values_are_sealed_at_rest(client):
    FieldDefinition.objects.create(name="iban", kind="iban")
    ticket = arrive(client, f"My account is {IBAN}.")
    assert value(ticket, "iban").value == IBAN.replace(" ", "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT value, raw FROM tickets_fieldvalue")
        assert not any("2004" in column for column in cursor.fetchone())


def test_a_value_that_breaks_a_rule_says_which(client):
    FieldDefinition.objects.create(name="iban", kind="iban")
    ticket = arrive(client, "My IBAN is FR15 2004 1010 0505 0001 3M02 606.")
    rows = FieldValue.objects.filter(ticket=ticket, name="iban")
    assert not rows or rows.get().problem == "checksum"


def test_a_later_message_finds_anew_and_forgets_what_is_no_more(client, order):
    ticket = arrive(client, "My order CY-220174 is late.")
    ticket.messages.update(body="I was wrong.")
    finding.find_fields(ticket)
    assert not ticket.field_values.exists()


def test_a_correction_outlives_messages_files_and_intents(client, order, agent):
    ticket = arrive(client, "My order CY-220174 is late.")
    correcting.correct(ticket, agent, "order_number", "CY-999999")
    note = inline("a.txt", b"order number CY-222222", "text/plain")
    later = payload(ticket="1", message="1-2", body="See order CY-111111.", attachments=[note])
    ticket = arrive(client, "", content=later, name="1b")
    assert ticket.messages.count() == 2 and ticket.field_values.filter(origin="found").exists()
    finding.find_fields(ticket)
    correct_intent(ticket, agent, "order_status")
    assert (value(ticket).value, value(ticket).user) == ("CY-999999", agent)
    assert facts_of(Ticket.objects.get(pk=ticket.pk)) == {"order_number": "CY-999999"}


def test_taking_a_correction_back_shows_what_was_found(client, order, agent):
    ticket = arrive(client, "My order CY-220174 is late.")
    correcting.correct(ticket, agent, "order_number", "CY-1")
    correcting.correct(ticket, agent, "order_number", "CY-2")
    assert correcting.take_back(ticket, "order_number") and value(ticket).value == "CY-1"
    assert correcting.take_back(ticket, "order_number") and value(ticket).value == "CY-220174"
    assert not correcting.take_back(ticket, "order_number")


def test_a_field_that_an_agent_struck_out_is_missing(client, order, agent):
    ticket = arrive(client, "My order CY-220174 is late.")
    assert finding.missing(ticket) == []
    correcting.correct(ticket, agent, "order_number", "")
    assert finding.missing_names(ticket) == {"order_number"} and facts_of(ticket) == {}


def test_an_intents_own_definition_comes_before_the_one_for_all(client, order, agent):
    FieldDefinition.objects.create(name="order_number", intent="theft", kind="order_number", required=False)
    ticket = arrive(client, "It was stolen.")
    assert finding.missing_names(ticket) == {"order_number"}
    correct_intent(ticket, agent, "theft")
    assert finding.missing_names(ticket) == set()


def test_fields_of_an_intent_that_nobody_is_sure_of_are_not_asked_for(client):
    FieldDefinition.objects.create(name="order_number", intent="theft", kind="order_number", required=True)
    ticket = arrive(client, "It was stolen.")
    Ticket.objects.filter(pk=ticket.pk).update(intent="theft", triage="unsure")
    assert finding.missing(Ticket.objects.get(pk=ticket.pk)) == []


def test_a_finder_that_fails_costs_no_ticket(client, order, monkeypatch):
    def fails(*_):
        raise RuntimeError

    monkeypatch.setattr(finding, "find", fails)
    ticket = arrive(client, "My order CY-220174 is late.")
    assert ticket.drafts.get().state == "pending" and not ticket.field_values.exists()


def test_a_correction_routes_the_ticket_again(client, order, agent, other_team):
    ticket = arrive(client, "My order is late.")
    Ticket.objects.filter(pk=ticket.pk).update(triage="sure", intent="order_status")
    RoutingRule.objects.create(name="known", field_name="order_number", field_test="present", team=other_team)
    correcting.correct(ticket, agent, "order_number", "CY-220174")
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert (ticket.team, ticket.routed_by) == (other_team, "known")
    correcting.take_back(ticket, "order_number")
    assert Ticket.objects.get(pk=ticket.pk).team is None


def test_facts_of_many_tickets_take_one_query(client, order, django_assert_num_queries):
    for name in ("1", "2", "3"):
        arrive(client, f"My order CY-22017{name} is late.", name=name)
    with django_assert_num_queries(2):
        assert [facts_of(ticket) for ticket in with_facts(Ticket.objects.order_by("pk"))] == [
            {"order_number": f"CY-22017{name}"} for name in "123"
        ]
    assert field_names() == ["order_number"]


def test_everything_goes_with_the_ticket(client, order, agent):
    ticket = arrive(client, "My order CY-220174 is late.")
    correcting.correct(ticket, agent, "order_number", "CY-1")
    ticket.delete()
    assert not FieldValue.objects.exists() and not FieldReport.objects.exists()


def asked(language="en", *missing):
    return Request(redact("Late"), redact("Where is it?"), language, missing=missing)


def test_what_is_missing_is_asked_for_in_the_language_of_the_reply():
    assert asking(asked()) == ""
    assert asking(asked("en", "your order number")).endswith("please send us your order number.")
    three = asking(asked("fr", "votre numéro", "la date", "le montant"))
    assert three.endswith("merci de nous indiquer votre numéro, la date et le montant.")


def test_the_question_stands_alone_before_the_closing_and_needs_no_citation():
    request = asked("en", "your order number")
    sentences = with_missing(quote(request, [], []), request)
    kinds = [sentence.kind for sentence in sentences]
    assert kinds[-3:] == ["question", "closing", "closing"]
    question = sentences[-3]
    assert question.citations == () and question.verdict == "none"
    assert [sentence.block for sentence in sentences] == sorted(sentence.block for sentence in sentences)
    assert sum(sentence.block == question.block for sentence in sentences) == 1


def test_a_holding_reply_asks_for_what_is_missing_and_not_for_anything():
    said = [sentence.text for sentence in hold(asked("en", "your order number"), "needs_lookup")]
    assert sum("order number" in text for text in said) == 1 and not any("number or date" in text for text in said)
    assert not any("order number" in s.text for s in hold(asked("en", "your order number"), "not_a_question"))


@pytest.mark.integration
def test_a_draft_asks_and_the_next_one_knows_that_it_has_come(client, order):
    ticket = arrive(client, "My order is late. Where is it?")
    drafts.draft_batch()
    draft = ticket.drafts.get()
    assert draft.asks == ["order_number"]
    assert any("your order number" in sentence["text"] for sentence in draft.sentences)
    deliver(client, "", content=payload(ticket="1", message="1-2", body="It is CY-220174."), name="1b")
    drafts.draft_batch()
    newest = ticket.drafts.first()
    assert newest.pk != draft.pk and newest.asks == []
    assert not any("order number" in sentence["text"] for sentence in newest.sentences)


@pytest.mark.integration
def test_a_file_that_brings_what_the_draft_asks_for_has_it_redrafted(client, order):
    ticket = deliver(client, "It is late, see the note.", inline("note.txt", b"Order number CY-220174", "text/plain"))
    drafts.draft_batch()
    assert ticket.drafts.get().asks == ["order_number"]
    work_through()
    assert [draft.state for draft in ticket.drafts.all()] == [Draft.State.PENDING, Draft.State.SUPERSEDED]
    drafts.draft_batch()
    assert ticket.drafts.first().asks == []


def test_ready_fields_are_added_once():
    assert ready_fields.add() == 9 and ready_fields.add() == 0 and ready_fields.offered() == []
    assert not FieldDefinition.objects.filter(required=True).exists()


def test_names_are_one_word_for_rules_and_read_well_for_people():
    assert slug("Numéro de châssis !") == "numero_de_chassis" and slug("…") == ""
    assert label("order_number") == "Order number" and label("frame_colour") == "Frame colour"
    made = FieldDefinition(name="frame_colour")
    assert question_of(made, "en") == "your frame colour" and question_of(made, "fr") == "votre frame colour"
    made = FieldDefinition(name="order_number", question_en="Your order number?")
    assert question_of(made, "en") == "Your order number"


def test_what_an_agent_types_is_written_and_checked_like_what_is_found(client, agent):
    FieldDefinition.objects.create(name="iban", kind="iban")
    ticket = arrive(client, "Hello.")
    correcting.correct(ticket, agent, "iban", IBAN)
    assert (value(ticket, "iban").value, value(ticket, "iban").problem) == (IBAN.replace(" ", ""), "")
    correcting.correct(ticket, agent, "iban", "FR15 2004 1010 0505 0001 3M02 606")
    assert value(ticket, "iban").problem == "checksum"
    correcting.correct(ticket, agent, "iban", "ask them")
    assert (value(ticket, "iban").value, value(ticket, "iban").problem) == ("ask them", "")


def test_a_deleted_definition_can_be_taken_back_for_a_day(order):
    FieldDefinition.objects.update(deleted_at=timezone.now() - timedelta(hours=23))
    finding.forget_deleted()
    assert FieldDefinition.objects.exists()
    FieldDefinition.objects.update(deleted_at=timezone.now() - timedelta(hours=25))
    finding.forget_deleted()
    assert not FieldDefinition.objects.exists()
