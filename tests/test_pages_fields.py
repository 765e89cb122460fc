"""Fields and files on the desk, and the administrators' page of fields."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import MakeTicket
from tickets.models import (
    Attachment,
    AttachmentContent,
    FieldDefinition,
    FieldReport,
    FieldValue,
    RoutingRule,
    Ticket,
    User,
)
from tickets.patterns import complaint

pytestmark = pytest.mark.django_db

ATTACK = "<script>alert(1)</script>"


@pytest.fixture
def order():
    return FieldDefinition.objects.create(name="order_number", kind="order_number", required=True)


def found(ticket: Ticket, raw: str, value: str = "", name: str = "order_number", **more: object) -> FieldValue:
    """A value that stands in the ticket's message."""
    message = ticket.messages.all()[0]
    start = message.body.index(raw)
    fields = {"message": message, "start": start, "end": start + len(raw), "confidence": 0.9, **more}
    return FieldValue.objects.create(ticket=ticket, name=name, origin="found", value=value or raw, raw=raw, **fields)


def desk(client: Client, ticket: Ticket) -> str:
    return " ".join(client.get(reverse("ticket", args=[ticket.pk])).content.decode().split())


def correct(client: Client, ticket: Ticket, value: str, name: str = "order_number", **more: str):
    return client.post(reverse("correct_field", args=[ticket.pk, name]), {"value": value, **more})


def test_a_ticket_without_fields_and_files_shows_nothing_of_them(ticket, agent, signed_in):
    assert 'id="details"' not in desk(signed_in(agent), ticket)


def test_a_field_leads_to_its_words_in_the_message(make_ticket: MakeTicket, order, agent, signed_in):
    ticket = make_ticket(body="My order CY-220174 is late.")
    found(ticket, "CY-220174")
    page = desk(signed_in(agent), ticket)
    assert '<span data-w="f-order_number">CY-220174</span>' in page
    assert '<a href="#message-1" data-l="f-order_number">in message 1' in page


def test_a_masked_value_lights_up_whole(ticket, agent, signed_in):
    found(ticket, "4242", name="amount")
    page = desk(signed_in(agent), ticket)
    assert re.search(r'<span data-w="f-amount"><span class="mask"[^>]*>4242</span></span>', page)


def test_words_behind_a_masked_one_light_up_exactly(make_ticket: MakeTicket, agent, signed_in):
    ticket = make_ticket(body="Card 4242424242424242, order CY-1.", redacted="Card [CARD_1], order CY-1.")
    ticket.remember({"[CARD_1]": "4242424242424242"})
    ticket.save()
    found(ticket, "CY-1")
    assert '<span data-w="f-order_number">CY-1</span>' in desk(signed_in(agent), ticket)


def test_a_value_in_a_file_names_file_and_page(ticket, order, agent, signed_in):
    file = Attachment.objects.create(message=ticket.messages.all()[0], position=0, name="invoice.pdf", state="read")
    FieldValue.objects.create(
        ticket=ticket, name="order_number", origin="found", value="CY-1", raw="CY-1", attachment=file, page=2
    )
    page = desk(signed_in(agent), ticket)
    assert f'<a href="#file-{file.pk}" title="invoice.pdf: CY-1">invoice.pdf, p. 2</a>' in page


def test_what_is_missing_and_what_is_broken_is_said_plainly(ticket, order, agent, signed_in):
    found(ticket, "4242", "FR1420041010050500013M02606", name="iban", problem="checksum")
    FieldReport.objects.create(ticket=ticket, problems=["sum"])
    page = desk(signed_in(agent), ticket)
    assert "1 missing" in page and '<span class="none need">missing</span>' in page
    assert "The check digits do not fit" in page and "net and VAT are not the total" in page
    assert "FR14 2004 1010 0505 0001 3M02 606" in page


def test_a_rule_that_nobody_has_put_into_words_is_named(ticket, agent, signed_in):
    found(ticket, "4242", name="amount", problem="strange")
    assert "It breaks the rule “strange”." in desk(signed_in(agent), ticket)


def test_what_a_stranger_wrote_is_escaped(ticket, order, agent, signed_in):
    found(ticket, "4242", ATTACK)
    Attachment.objects.create(message=ticket.messages.all()[0], position=0, name=f"{ATTACK}.pdf", state="read", size=3)
    page = desk(signed_in(agent), ticket)
    assert ATTACK not in page and page.count("&lt;script&gt;") >= 2


def test_an_agent_corrects_and_takes_back(ticket, order, agent, signed_in):
    found(ticket, "4242")
    client = signed_in(agent)
    assert correct(client, ticket, "  CY-9  ").status_code == 302
    page = desk(client, ticket)
    assert '<b class="value">CY-9</b>' in page and "by Alex" in page and "in message 1" not in page
    client.post(reverse("take_back_field", args=[ticket.pk, "order_number"]))
    assert '<b class="value">4242</b>' in desk(client, ticket)


def test_a_correction_by_htmx_brings_the_conversation_and_says_so(ticket, order, agent, signed_in):
    client = signed_in(agent)
    address = reverse("correct_field", args=[ticket.pk, "order_number"])
    answer = client.post(address, {"value": "CY-9"}, headers={"HX-Request": "true", "HX-Target": "main"})
    page = answer.content.decode()
    assert page.lstrip().startswith('<main id="main"') and "CY-9" in page and "Order number corrected." in page


@pytest.mark.parametrize("typed", ["", "   ", "x" * 501])
def test_a_correction_that_is_none_says_what_to_do(ticket, order, agent, signed_in, typed):
    answer = correct(signed_in(agent), ticket, typed)
    assert answer.status_code == 422 and "Type a value" in answer.content.decode()
    assert not FieldValue.objects.exists()


def test_a_field_can_be_struck_out(ticket, order, agent, signed_in):
    found(ticket, "4242")
    client = signed_in(agent)
    correct(client, ticket, "4242", none="1")
    assert "not in this ticket" in desk(client, ticket) and "1 missing" in desk(client, ticket)


def test_no_field_is_made_up_and_nobody_elses_ticket_is_touched(ticket, order, agent, outsider, signed_in):
    assert correct(signed_in(agent), ticket, "x", name="nonsense").status_code == 404
    assert correct(signed_in(outsider), ticket, "x").status_code == 404
    assert signed_in(outsider).get(reverse("details", args=[ticket.pk])).status_code == 404
    assert not FieldValue.objects.exists()


def test_a_correction_that_sends_the_ticket_away_goes_back_to_the_queue(ticket, order, agent, other_team, signed_in):
    RoutingRule.objects.create(name="known", field_name="order_number", field_test="present", team=other_team)
    address = reverse("correct_field", args=[ticket.pk, "order_number"])
    answer = signed_in(agent).post(address, {"value": "CY-9"}, headers={"HX-Request": "true", "HX-Target": "main"})
    assert Ticket.objects.get(pk=ticket.pk).team == other_team
    assert answer.headers["HX-Redirect"].startswith("/?view=")


def test_a_draft_that_asks_for_what_has_come_can_be_redone(draft, order, agent, signed_in):
    draft.asks = ["order_number"]
    draft.save()
    client = signed_in(agent)
    assert "missing, asked for in the draft" in desk(client, draft.ticket)
    correct(client, draft.ticket, "CY-9")
    page = desk(client, draft.ticket)
    assert "The draft asks for something that is here now." in page
    assert f'action="{reverse("regenerate", args=[draft.pk])}' in page


def file_of(ticket: Ticket, **fields: object) -> Attachment:
    values = {"position": 0, "name": "invoice.pdf", "declared": "application/pdf", "size": 2048, **fields}
    file = Attachment.objects.create(message=ticket.messages.all()[0], **values)
    AttachmentContent.objects.create(attachment=file, data=b"x")
    return file


def test_a_file_says_what_it_is_and_leads_to_its_download(ticket, agent, signed_in):
    file = file_of(ticket, state="read", kind="pdf", pages=2)
    page = desk(signed_in(agent), ticket)
    assert f'<a href="/attachments/{file.pk}/" download>invoice.pdf</a>' in page
    assert "PDF · 2 pages · 2.0\xa0KB" in page.replace("&nbsp;", "\xa0") or "PDF · 2 pages · 2.0 KB" in page


def test_a_file_that_is_being_read_shows_it_and_the_page_asks_again(ticket, agent, signed_in):
    file = file_of(ticket, state="reading")
    client = signed_in(agent)
    page = desk(client, ticket)
    assert "being read…" in page and f'hx-get="/tickets/{ticket.pk}/details/' in page
    part = client.get(reverse("details", args=[ticket.pk])).content.decode()
    assert part.lstrip().startswith('<section id="details"')
    Attachment.objects.filter(pk=file.pk).update(state="read")
    answer = client.get(reverse("details", args=[ticket.pk]), headers={"HX-Request": "true"})
    assert answer.headers["HX-Retarget"] == "#main" and "every 2s" not in answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "archive", "problem": "not-what-it-says"}, "Its name says PDF, but it is something else: archive."),
        ({"kind": "pdf", "problem": "encrypted"}, "It asks for a password"),
        (
            {"kind": "pdf", "problem": "too-many-pages", "pages": 20, "state": "read"},
            "Only the first 20 pages were read.",
        ),
        ({"kind": "xml", "problem": "unsafe"}, "It names other files"),
        ({"problem": "elsewhere"}, "It lies on another server"),
        ({"problem": "something-new"}, "It could not be read."),
    ],
)
def test_what_was_wrong_with_a_file_is_said(ticket, agent, signed_in, fields, said):
    file_of(ticket, **{"state": "failed", **fields})
    assert said in desk(signed_in(agent), ticket)


def admin_form(**fields: str) -> dict[str, str]:
    base = {"name": "Frame number", "intent": "", "kind": "pattern", "words": "", "pattern": r"FR-\d{4}"}
    return {**base, "question_en": "", "question_fr": "", **fields}


def test_an_empty_page_offers_the_ready_fields_by_one_click(administrator: User, signed_in):
    client = signed_in(administrator)
    assert "Nothing is looked for yet" in client.get(reverse("fields")).content.decode()
    client.post(reverse("ready_fields"))
    assert FieldDefinition.objects.count() == 9
    page = client.get(reverse("fields")).content.decode()
    assert "Add these" not in page and "no names yet: nothing is found" in page


def test_a_new_field_begins_empty(administrator: User, signed_in):
    page = signed_in(administrator).get(reverse("new_field")).content.decode()
    assert re.search(r'<textarea name="words"[^>]*>\s*</textarea>', page) and "----" not in page


def test_a_field_is_added_changed_deleted_and_taken_back(administrator: User, signed_in):
    client = signed_in(administrator)
    assert client.post(reverse("new_field"), admin_form()).status_code == 302
    made = FieldDefinition.objects.get()
    assert (made.name, made.kind, made.pattern) == ("frame_number", "pattern", r"FR-\d{4}")
    client.post(reverse("field", args=[made.pk]), admin_form(required="on", intent="theft"))
    made.refresh_from_db()
    assert made.required and made.intent == "theft"
    answer = client.post(reverse("delete_field", args=[made.pk]), follow=True)
    assert "Frame number is looked for no more." in answer.content.decode()
    assert client.post(reverse("new_field"), admin_form(intent="theft")).status_code == 302
    client.post(reverse("restore_field", args=[made.pk]))
    assert FieldDefinition.objects.filter(deleted_at=None).count() == 1  # it has been made anew meanwhile
    FieldDefinition.objects.filter(deleted_at=None).delete()
    client.post(reverse("restore_field", args=[made.pk]))
    assert FieldDefinition.objects.get().deleted_at is None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "…"}, "at least one letter"),
        ({"pattern": "(a+)+$"}, "takes too long"),
        ({"pattern": "("}, "It is not a pattern"),
        ({"pattern": ".*"}, "fits the empty text"),
        ({"pattern": ""}, "Say what the value looks like"),
        ({"kind": "product", "words": " \n "}, "Give the names"),
        ({"kind": "nonsense"}, "nonsense"),
        ({"name": "Order number"}, "already"),
        ({"words": "\n".join(map(str, range(501)))}, "At most 500"),
    ],
)
def test_a_field_that_cannot_work_is_refused_with_what_to_do(administrator: User, order, signed_in, fields, said):
    answer = signed_in(administrator).post(reverse("new_field"), admin_form(**fields))
    assert answer.status_code == 422 and said in answer.content.decode()
    assert FieldDefinition.objects.get() == order


@pytest.mark.parametrize("pattern", ["(a+)+$", r"(\w+\s?)*\.$", "(x|x)*y", r"(\d+)*-$", "(a|aa)+b", "(CY|CY)+Z"])
def test_catastrophic_patterns_are_known(pattern):
    assert "too long" in complaint(pattern)


@pytest.mark.parametrize(
    "pattern", [r"CY-\d{6}", r"\b[A-Z]{2}\d{2,10}\b", r"(?:serial|série)\s*:?\s*(\w{10})", r"E\d\d"]
)
def test_ordinary_patterns_pass(pattern):
    assert complaint(pattern) == ""


def test_a_field_is_tried_on_a_text_and_on_the_newest_tickets(administrator: User, make_ticket, signed_in):
    make_ticket(body="My frame is FR-1234.")
    make_ticket(body="None.")
    client = signed_in(administrator)
    page = client.post(reverse("new_field"), admin_form(**{"try": "1", "sample": "It says FR-9999"})).content.decode()
    assert "Found in your text:" in page and "FR-9999" in page and "FR-1234" not in page
    page = client.post(reverse("new_field"), admin_form(**{"try": "1"})).content.decode()
    assert "Found in 1 of the newest 2 tickets." in page and "FR-1234" in page
    assert not FieldDefinition.objects.exists() and not FieldValue.objects.exists()


def test_no_tickets_of_the_intent_yet(administrator: User, make_ticket, signed_in):
    page = signed_in(administrator).post(reverse("new_field"), admin_form(**{"try": "1", "intent": "none"}))
    assert "paste a text instead" in page.content.decode()
