"""`python -m tests.everything`: a row in every table, with a requester's words wherever words can stand.

The requester's own rows are written out; every other table and column is found by looking at the models, so that a new
one is filled too. The settings say which database.
"""

import json
import uuid
from datetime import UTC, datetime
from importlib import import_module

NAME, MAIL, PHONE = "Zephyrine Quillfeather", "zephyrine@quillfeather.example", "+33 6 71 23 98 45"
MARK, ORDER = "my heron lantern sings at seventeen past noon", "ZQX-40917-HQ"
FILE = "velvet anchor manifest 8812"
STRINGS = {"name": NAME, "mail": MAIL, "phone": PHONE, "marker": MARK, "order": ORDER, "file": FILE}
NAMED = f"{NAME} {MAIL} {PHONE}"
SAID = f"Hello, {MARK}. My order is {ORDER}. {NAMED}"
# Columns of somebody else's rows that say whose they are.
THEIR_OWN = {"tickets.Ticket.requester_email", "tickets.Ticket.external_id", "tickets.Delivery.external_id"}
# Tables that need no row before: why.
WITHOUT_ROWS = {"tickets.Erasure": "made by the erasure itself"}
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
MADE: dict[type, object] = {}


def fill():
    requester()
    somebody_else()
    for model in ours():
        if model._meta.label not in WITHOUT_ROWS and not model._default_manager.exists():
            make(model)


def ours():
    """The models of the project."""
    from django.apps import apps

    from tickets.erasure.columns import APPS

    return [model for model in apps.get_models() if model._meta.app_label in APPS]


def make(model, **fields):
    """A row of whatever model, its foreign keys to what was made last."""
    for field in model._meta.local_concrete_fields:
        if field.name not in fields and is_wanted(field):
            fields[field.name] = plain(field)
    row = model._default_manager.create(**fields)
    MADE[model] = row
    return row


def is_wanted(field):
    by_itself = getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False) or field.has_default()
    return not (by_itself or field.null or field.name == "pk" or (field.primary_key and not field.remote_field))


def plain(field):
    if field.remote_field:
        target = field.related_model
        return MADE.get(target) or target._default_manager.first() or make(target)
    if field.choices:
        return field.choices[0][0]
    kind = field.get_internal_type()
    ready = {
        "DateTimeField": NOW, "DateField": NOW.date(), "TimeField": NOW.time(), "BooleanField": False,
        "FloatField": 1.0, "JSONField": [], "UUIDField": uuid.uuid4(), "BinaryField": b"x",
    }  # fmt: skip
    if kind in ready:
        return ready[kind]
    if hasattr(field, "dimensions"):
        return [0.1] * field.dimensions
    if "Integer" in kind:
        return 1
    return "en" if field.max_length == 2 else f"x{len(MADE)}"


def requester():
    """The one who is to be forgotten, in every table that hangs on a ticket or was made of one."""
    from django.conf import settings

    from knowledge.models import Article, ArticleVersion, Passage, PassageVector, Posting, Recipe, Term
    from tickets import board, proposals
    from tickets import models as m

    desk = make(m.Helpdesk, slug="desk", name="Desk", dialect="standard", webhook_secret="s" * 12)
    agent = make(m.User, username="alex", email="alex@desk.example", first_name="Alex")
    ticket = make(
        m.Ticket, helpdesk=desk, external_id="1", subject=f"{MARK} {ORDER}",
        requester_name=NAME, requester_email=MAIL.upper(),
        placeholders=json.dumps({"[EMAIL_1]": MAIL, "[PHONE_1]": PHONE, "[PERSON_1]": NAME, "[TEXT_1]": SAID}),
    )  # fmt: skip
    message = make(
        m.Message, ticket=ticket, external_id="1", author="requester", author_name=NAME, body=SAID,
        hidden=NAMED, redacted=f"Hello, {MARK}. My order is {ORDER}. [PERSON_1]", sent_at=NOW,
    )  # fmt: skip
    file = make(m.Attachment, message=message, position=0, name=f"{ORDER}.txt", locator=f"/{ORDER}", state="read")
    reading = json.dumps({"pages": [[1, f"{FILE} {NAMED}", "text"]], "invoice": None})
    make(m.AttachmentContent, attachment=file, data=f"{FILE} {NAMED}".encode(), reading=reading)
    make(m.FieldValue, ticket=ticket, name="order_number", origin="found", value=ORDER, raw=ORDER, former=ORDER)
    make(m.FieldReport, ticket=ticket)
    sentences = [{"text": f"{MARK} {ORDER}", "kind": "fact", "verdict": "supported", "block": 0, "cites": [1]}]
    draft = make(m.Draft, ticket=ticket, message=message, state="accepted", sentences=sentences, hint=MARK, note=ORDER)
    review = make(m.Review, draft=draft, outcome="edited", diff=f"-{SAID}\n+{NAMED}", note=MARK, seconds=12)
    reply = make(m.Reply, review=review, ticket=ticket, state="sent", not_before=NOW, body=f"{SAID}\n\n{MARK}")
    line = {"role": "wish", "text": MARK, "message": message.pk, "start": 0, "end": 3}
    make(m.Summary, ticket=ticket, lines=[line], note=ORDER)
    make(m.Question, ticket=ticket, recipe="fake", vector=MARK.encode(), doubt=0.5)
    row = make(m.TrainingRow, ticket=ticket, text=f"{MARK} {ORDER}", intent="x", language="en", origin="agent")
    make(m.TrainingVector, row=row, recipe="fake", digest="x", vector=MARK.encode())
    make(m.TrainingRow, ticket=None, text=f"Subject\n{message.redacted}", intent="x", language="en", origin="imported")
    make(m.WriteBack, ticket=ticket, tags=[ORDER], error=MARK)
    make(m.Move, ticket=ticket, user=agent, team=None, former_tags=[ORDER])
    own = proposals.keep(reply, agent)
    type(own).objects.filter(pk=own.pk).update(title=MARK, body=SAID, state="published", address=ORDER)
    article = make(Article, source=own.source, external_id=own.external_id, address=ORDER)
    version = make(ArticleVersion, article=article, number=1, title=MARK, body=SAID, language="en", visibility="public")
    passage = make(Passage, version=version, position=0, heading=ORDER, text=SAID, language="en", visibility="public")
    term = make(Term, stem=MAIL, language="en", visibility="public")
    make(Posting, term=term, passage=passage, frequency=1, words=1)
    recipe = make(Recipe, name="fake", state="retired")
    make(PassageVector, passage=passage, recipe=recipe, language="en", visibility="public", vector=[0.1] * 384)
    gap = make(m.Gap, name=MARK[:90], words=MARK.split()[:4], recipe="fake", article=own, centre=[0.1] * 384)
    make(m.Asked, user=agent, question=f"{MARK} {ORDER} {MAIL}", language="en", answered=False)
    make(m.GapQuestion, gap=gap, ticket=ticket, asked=None, sign="abstained", asked_at=NOW)
    call = json.dumps({"type": "message.created", "data": {"text": SAID}}).encode()
    make(m.Delivery, helpdesk=desk, external_id="a", body=call, ticket=ticket, state="done")
    make(m.Delivery, helpdesk=desk, external_id="b", body=b"\xff" + SAID.encode(), state="failed", reason=MAIL)
    make(m.Delivery, helpdesk=desk, external_id="c", body=call.replace(b"@", b"\\u0040"), state="ignored")
    make(m.Delivery, helpdesk=desk, external_id="d", body=call, state="received")
    m.Delivery.objects.update(received_at=NOW)
    m.Ticket.objects.update(created_at=NOW)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session["seen"] = f"{MARK} {NAMED}"
    session.save()
    board.put(draft, "writing", [f"{MARK} {ORDER} {NAMED}"])


def somebody_else():
    """Another person's ticket, in every column of which the requester is named."""
    from tickets import models as m
    from tickets.erasure.columns import tables

    MADE.clear()
    desk = m.Helpdesk.objects.get()
    ticket = make(m.Ticket, helpdesk=desk, external_id="2", subject="x", requester_email="colleague@other.example")
    for model in (m.Message, m.Attachment, m.AttachmentContent, m.Draft, m.Review, m.Reply):
        make(model)
    MADE[m.Ticket] = ticket
    for table in tables():
        columns = {name: said for name in table.names if (said := words(table.model, name)) is not None}
        if columns:
            row = MADE.get(table.model) or make(table.model)
            table.model._default_manager.filter(pk=row.pk).update(**columns)


def words(model, name):
    """As much of the requester as fits; None where the column says whose the row is."""
    from copilot.sealed import SealedTextField

    field = model._meta.get_field(name)
    label = f"{model._meta.label}.{name}"
    if label in THEIR_OWN:
        return None
    if label == "tickets.AttachmentContent.reading":
        return json.dumps({"pages": [[1, NAMED, "text"]], "invoice": None})
    if label == "tickets.Ticket.placeholders" or isinstance(field, SealedTextField):
        return json.dumps({"[EMAIL_9]": MAIL, "[PERSON_9]": NAME, "[PHONE_9]": PHONE})
    if field.get_internal_type() == "JSONField":
        return [{"text": NAMED, MAIL: [NAME, PHONE], "cites": []}]
    if field.get_internal_type() == "BinaryField":
        return NAMED.encode()
    return next((text for text in (NAMED, MAIL, NAME, PHONE) if len(text) <= (field.max_length or 9999)), None)


if __name__ == "__main__":
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    fill()
    print(json.dumps({model._meta.label: model._default_manager.count() for model in ours()}))  # noqa: T201
