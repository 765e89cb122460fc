"""Keys are changed under real rows: nothing is lost, and the old key can go."""

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection

from copilot import rotation
from copilot.sealed import CannotDecrypt, SealedBinaryField, SealedTextField
from tickets.models import Attachment, AttachmentContent, FieldValue, Helpdesk, Ticket

pytestmark = pytest.mark.django_db
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def rows(settings, ticket):
    """Texts, bytes, an empty value and a NULL, sealed with the old key."""
    settings.ENCRYPTION_KEYS = [OLD]
    Helpdesk.objects.update(webhook_secret="s3cret", api_token="")
    ticket.remember({"[EMAIL_1]": "camille@roche.example"})
    ticket.save()
    file = Attachment.objects.create(message=ticket.messages.get(), position=0, state="read")
    AttachmentContent.objects.create(attachment=file, data=bytes(range(256)), reading='{"pages": []}')
    FieldValue.objects.create(ticket=ticket, name="iban", origin="found", value="FR76", raw="FR 76", former=None)
    return ticket


def values():
    ticket, content = Ticket.objects.get(), AttachmentContent.objects.get()
    said = FieldValue.objects.get()
    return (
        ticket.originals["[EMAIL_1]"], bytes(content.data), content.reading, said.value, said.raw, said.former,
        Helpdesk.objects.get().webhook_secret, Helpdesk.objects.get().api_token,
    )  # fmt: skip


def test_every_value_is_opened_by_the_new_key_alone(rows, settings, capsys):
    before = values()
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    call_command("rotate_keys", "--check")
    assert "opens 0 values, seals" in capsys.readouterr().out
    call_command("rotate_keys")
    assert "still needed" not in capsys.readouterr().out
    settings.ENCRYPTION_KEYS = [NEW]
    assert values() == before
    call_command("rotate_keys", "--check")


def test_a_second_time_changes_nothing(rows, settings, capsys):
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    assert rotation.rotate(lambda *_: None)[0] > 5
    assert rotation.rotate(lambda *_: None) == (0, 0)


def test_killed_half_way_it_goes_on(rows, settings):
    before = values()
    settings.ENCRYPTION_KEYS = [NEW, OLD]

    def killed(column, done):
        if column.startswith("tickets_fieldvalue.raw"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(killed)
    assert values() == before and rotation.count(lambda *_: None)[1] > 0
    rotation.rotate(lambda *_: None)
    settings.ENCRYPTION_KEYS = [NEW]
    assert values() == before


def test_a_value_that_changes_meanwhile_stands(rows, settings, monkeypatch):
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    real = rotation._batches

    def overtaken(column):
        for batch in real(column):
            Helpdesk.objects.update(webhook_secret="newer")
            yield batch

    monkeypatch.setattr(rotation, "_batches", overtaken)
    rotation.rotate(lambda *_: None)
    settings.ENCRYPTION_KEYS = [NEW]
    assert Helpdesk.objects.get().webhook_secret == "newer"


def test_what_no_key_opens_is_said_and_left(rows, settings, capsys):
    settings.ENCRYPTION_KEYS = [NEW]
    with pytest.raises(CommandError, match="none of these keys"):
        call_command("rotate_keys")
    assert NEW not in capsys.readouterr().out
    with pytest.raises(CannotDecrypt):
        values()
    settings.ENCRYPTION_KEYS = [OLD]
    assert values()[0] == "camille@roche.example"


def test_batches_reach_every_row(rows, settings, monkeypatch, make_ticket):
    monkeypatch.setattr(rotation, "TEXTS", 2)
    for _ in range(5):
        make_ticket()
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    rotation.rotate(lambda *_: None)
    settings.ENCRYPTION_KEYS = [NEW]
    assert all(ticket.originals is not None for ticket in Ticket.objects.all())


def test_every_sealed_column_of_the_database_is_found():
    """By its class, and by nothing that somebody would have to remember."""
    from django.apps import apps

    fields = {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, SealedTextField | SealedBinaryField)
    }
    assert {str(column) for column in rotation.columns()} == fields
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    assert {column.table for column in rotation.columns()} <= set(tables)
