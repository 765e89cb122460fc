"""Messages that nobody would send in a demo: each is bounded, says what was wrong, and its ticket reaches a queue."""

import base64
import json
import time
import zipfile
from io import BytesIO

import pytest
from fpdf import FPDF
from PIL import Image

from tests.attaching import arrive, inline
from tests.files import bomb, pdf
from tests.sending import SECRET
from tickets import drafts, reading, tasks
from tickets.access import visible_tickets
from tickets.models import Attachment, AttachmentContent, Delivery, FieldDefinition, Helpdesk, Ticket
from tickets.templatetags.fields import trouble

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

NAMES = "process_delivery draft_pending fetch_attachment read_attachment summarise_pending"
LANGUAGES = [
    "Where is my order CY-220174?", "Où est ma commande ?", "Wo ist meine Bestellung?", "¿Dónde está mi pedido?",
    "Dov'è il mio ordine?", "Waar is mijn bestelling?", "Onde está o meu pedido?", "Gdzie jest moje zamówienie?",
    "Var är min beställning?", "注文はどこですか。", "Где мой заказ?", "أين طلبي؟",
]  # fmt: skip
ENTITIES = """<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">
<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><r>&x;&b;</r>"""


@pytest.fixture(autouse=True)
def asleep(monkeypatch):
    """No worker is woken: the test is the worker."""
    for name in NAMES.split():
        monkeypatch.setattr(getattr(tasks, name), "apply_async", lambda **_: None)


@pytest.fixture(autouse=True)
def desk(db):
    FieldDefinition.objects.create(name="order_number", kind="order_number", required=True)
    return Helpdesk.objects.create(slug="desk", name="Desk", dialect="standard", webhook_secret=SECRET)


@pytest.fixture
def in_a_queue(agent):
    """Whether somebody sees the ticket: in a team's queue, or in triage."""
    return lambda ticket: visible_tickets(agent).filter(pk=ticket.pk, state="open").exists()


def only(ticket):
    return Attachment.objects.get(message__ticket=ticket)


def words(attachment):
    return " ".join(text for _, text, _ in AttachmentContent.objects.get(attachment=attachment).read["pages"])


def test_an_empty_body_and_no_file(client, in_a_queue):
    ticket = arrive(client, "")
    assert in_a_queue(ticket) and ticket.drafts.get().reason == "no_text"


def test_only_an_attachment_is_read_and_a_draft_follows(client, in_a_queue):
    made = FPDF()
    made.add_page()
    made.set_font("Helvetica", size=12)
    made.multi_cell(0, 8, "Hello, my order number CY-220174 has not arrived. When will it come? Maud Tellier")
    ticket = arrive(client, "", inline("question.pdf", bytes(made.output())))
    attachment = only(ticket)
    assert in_a_queue(ticket) and (attachment.state, attachment.kind, attachment.pages) == ("read", "pdf", 1)
    assert ticket.field_values.get().value == "CY-220174"
    assert ticket.field_values.get().attachment == attachment and ticket.field_values.get().page == 1
    assert [draft.state for draft in ticket.drafts.all()] == ["pending", "superseded"]
    drafts.draft_batch()
    assert ticket.drafts.first().state in ("ready", "abstained")


def test_a_hundred_kilobytes_of_log(client, in_a_queue):
    log = "".join(
        f"2026-03-03T10:00:{n % 60:02} ERROR worker {n} order CY-220174 v1.2.{n} at 0x{n:08x}\n" for n in range(1600)
    )
    started = time.monotonic()
    ticket = arrive(client, log, inline("app.log", log.encode(), "text/plain"))
    assert len(log) > 100_000 and time.monotonic() - started < 20
    assert in_a_queue(ticket) and only(ticket).state == "read"
    assert ticket.field_values.get().value == "CY-220174"


def test_twelve_languages_in_one_ticket(client, in_a_queue):
    ticket = arrive(client, "\n".join(LANGUAGES), inline("all.txt", "\n".join(LANGUAGES).encode(), "text/plain"))
    assert in_a_queue(ticket) and "注文" in words(only(ticket))
    assert ticket.field_values.get().value == "CY-220174"


def test_base64_in_the_body(client, in_a_queue):
    block = base64.encodebytes(bytes(range(256)) * 200).decode()
    ticket = arrive(client, f"My order number is CY-220174.\n\n{block}")
    assert in_a_queue(ticket) and ticket.field_values.get().value == "CY-220174"


def test_an_attachment_that_lies_about_its_type(client, in_a_queue):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    ticket = arrive(client, "See my invoice.", inline("invoice.pdf", out.getvalue()))
    attachment = only(ticket)
    assert in_a_queue(ticket) and (attachment.state, attachment.problem) == ("failed", "not-what-it-says")
    assert "PDF" in trouble(attachment) and "archive" in trouble(attachment)


def test_a_zip_bomb(client, in_a_queue):
    ticket = arrive(client, "See my invoice.", inline("invoice.zip", bomb(), "application/zip"))
    attachment = only(ticket)
    assert in_a_queue(ticket) and (attachment.problem, attachment.pages) == ("archive", 0)
    assert attachment.seconds < 5


def test_a_picture_that_unpacks_to_gigabytes(client, in_a_queue):
    out = BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    ticket = arrive(client, "See the picture.", inline("photo.png", out.getvalue(), "image/png"))
    assert in_a_queue(ticket) and only(ticket).problem == "too-many-pixels"


def test_a_pdf_of_five_hundred_pages(client, in_a_queue):
    made = FPDF()
    made.set_font("Helvetica", size=12)
    for number in range(1, 501):
        made.add_page()
        made.cell(0, 10, f"Page {number}: order number CY-{100000 + number}")
    ticket = arrive(client, "My papers.", inline("papers.pdf", bytes(made.output())))
    attachment = only(ticket)
    assert in_a_queue(ticket) and (attachment.state, attachment.problem) == ("read", "too-many-pages")
    assert f"first {attachment.pages} pages" in trouble(attachment) and attachment.pages < 500


def test_an_encrypted_pdf(client, in_a_queue):
    ticket = arrive(client, "See my invoice.", inline("invoice.pdf", pdf(password="secret")))
    assert in_a_queue(ticket) and only(ticket).problem == "encrypted"
    assert "password" in trouble(only(ticket))


def test_xml_with_external_entities(client, in_a_queue):
    ticket = arrive(client, "See my invoice.", inline("invoice.xml", ENTITIES.encode(), "application/xml"))
    attachment = only(ticket)
    assert in_a_queue(ticket) and (attachment.state, attachment.problem) == ("failed", "unsafe")
    assert "root:" not in words(attachment)


@pytest.mark.parametrize(
    "files", ["nonsense", {"name": "x"}, [None, 7, "x", []], [{"name": ["x"], "content": {"a": 1}}], [{}]]
)
def test_a_list_of_files_that_is_none_costs_no_message(client, in_a_queue, files):
    from tests.attaching import deliver
    from tests.sending import payload

    ticket = deliver(client, "", content=payload(attachments=files))
    assert in_a_queue(ticket) and ticket.messages.get().body == "How do I return my bike?"
    assert not Attachment.objects.exclude(state="failed").exists()


def test_a_file_that_kills_its_reader_twice_is_not_read_again(client, in_a_queue, monkeypatch):
    """As if the worker had been killed: the claim stays, and nothing is said."""
    from datetime import timedelta

    from tests.attaching import deliver
    from tickets import attachments

    class Killed(BaseException):
        pass

    def kill(*_):
        raise Killed

    ticket = deliver(client, "See my invoice.", inline("invoice.pdf", b"%PDF-1.4 x"))
    monkeypatch.setattr(reading.apart, "read", kill)
    for attempt in (1, 2):
        with pytest.raises(Killed):
            reading.read(only(ticket).pk)
        assert (only(ticket).state, only(ticket).attempts) == ("reading", attempt)
        attachments.release_abandoned()
        assert only(ticket).state == "reading"  # the lease still runs
        Attachment.objects.update(claimed_at=only(ticket).claimed_at - timedelta(hours=1))
        attachments.release_abandoned()
    assert (only(ticket).state, only(ticket).problem) == ("failed", "crashed") and in_a_queue(ticket)
    reading.read(only(ticket).pk)  # whoever is woken late does nothing
    assert only(ticket).attempts == 2


def test_the_call_does_not_keep_the_file_beside_its_sealed_copy(client):
    arrive(client, "See my invoice.", inline("note.txt", b"A secret of mine", "text/plain"))
    kept = json.loads(bytes(Delivery.objects.get().body))["data"]["message"]["attachments"]
    assert kept == [{"name": "note.txt", "content_type": "text/plain", "kept": True}]
    assert Ticket.objects.count() == 1
