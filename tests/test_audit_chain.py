"""Whatever is done to a row of the audit, the walk finds it and says where."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from copilot.privacy.audit.rows import mac_of
from copilot.privacy.audit.walk import Place
from tickets.audit import acting, link, prune, record, verifying
from tickets.audit.anchoring import anchor
from tickets.audit.keys import link_keys
from tickets.audit.linking import row_of, write_head
from tickets.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings):
    settings.AUDIT_ANCHORS = tmp_path / "anchors"
    return settings.AUDIT_ANCHORS


@pytest.fixture
def chain() -> None:
    """Eight linked rows."""
    for number in range(8):
        record("ticket.view", subject=f"ticket:{number}", actor="user:3", size=number, milliseconds=1.25, share=0.1)
    link()


@pytest.fixture
def unguarded():
    """What a database administrator can do: the trigger is gone."""

    def run(*statements: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE tickets_auditentry DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE tickets_audithead DISABLE TRIGGER USER")
            for statement in statements:
                cursor.execute(statement)
            cursor.execute("ALTER TABLE tickets_auditentry ENABLE TRIGGER USER")
            cursor.execute("ALTER TABLE tickets_audithead ENABLE TRIGGER USER")

    return run


def found() -> list[str]:
    return [
        f"{one.kind} {one.first}" + (f"-{one.last}" if one.last > one.first else "")
        for one in verifying.verify().findings
    ]


def test_rows_are_linked_in_order_without_a_gap(chain):
    rows = list(AuditEntry.objects.order_by("position"))
    assert [row.position for row in rows] == list(range(1, 9))
    assert [row.previous for row in rows] == ["", *(row.mac for row in rows[:-1])]
    assert found() == []


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("DELETE FROM tickets_auditentry WHERE position = 1", ["removed 1"]),
        ("DELETE FROM tickets_auditentry WHERE position IN (4, 5)", ["removed 4-5"]),
        ("DELETE FROM tickets_auditentry WHERE position = 8", ["end_missing 8"]),
        ("DELETE FROM tickets_auditentry", ["end_missing 1-8"]),
        ("UPDATE tickets_auditentry SET position = -position WHERE position IN (3, 4);"
         "UPDATE tickets_auditentry SET position = 7 + position WHERE position < 0", ["moved 3-4"]),
        ("UPDATE tickets_auditentry SET mac = repeat('0', 64) WHERE position = 4", ["inserted 4"]),
        ("UPDATE tickets_auditentry SET previous = repeat('0', 64) WHERE position = 4", ["changed 4"]),
        ("DELETE FROM tickets_audithead", ["head 8"]),
        ("UPDATE tickets_audithead SET position = 7, mac = (SELECT mac FROM tickets_auditentry WHERE position = 7)",
         ["head 7", "inserted 8"]),
    ],
)  # fmt: skip
def test_what_is_removed_or_moved_is_named(chain, unguarded, statement, expected):
    unguarded(*statement.split(";"))
    assert found() == expected


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 microsecond'", "actor = 'user:4'", "kind = 'ticket.approve'", "subject = 'ticket:99'",
        "model = 'm'", "size = size + 1", "milliseconds = 1.26", "digest = 'd'", "facts = '{\"share\": 0.2}'",
    ],
)  # fmt: skip
@pytest.mark.parametrize("position", [1, 4, 8])
def test_a_change_of_any_column_is_named(chain, unguarded, change, position):
    unguarded(f"UPDATE tickets_auditentry SET {change} WHERE position = {position}")
    assert found() == [f"changed {position}"]


def forge(position: int | None) -> AuditEntry:
    row = AuditEntry.objects.get(position=5)
    row.pk, row.position, row.subject, row._state.adding = None, position, "ticket:66", True
    return row


def test_a_forged_row_among_others_is_named(chain, unguarded):
    unguarded("UPDATE tickets_auditentry SET position = -position WHERE position > 4",
              "UPDATE tickets_auditentry SET position = 1 - position WHERE position < 0")  # fmt: skip
    row = AuditEntry.objects.get(position=4)
    row.pk, row.position, row._state.adding = None, 5, True
    row.subject = "ticket:66"
    row.save()
    assert found()[:2] == ["inserted 5", "moved 6-8"]


def test_a_forged_row_at_the_end_is_named(chain):
    forge(9).save()
    assert found() == ["inserted 9"]


def test_a_row_that_souffleur_did_not_write_is_never_linked(chain):
    forge(None).save()
    record("ticket.view", subject="ticket:9")
    assert link() == 1
    assert found() == ["unlinked 10"]


def rewrite(after: int) -> None:
    """What somebody with the database and the key can do: a new history whose macs are right."""
    key, place = link_keys()[0], AuditEntry.objects.get(position=after)
    mac = place.mac
    for row in AuditEntry.objects.filter(position__gt=after).order_by("position"):
        row.actor, row.previous = "user:99", mac
        row.mac = mac = mac_of(row_of(row), key)
        AuditEntry.objects.filter(pk=row.pk).update(actor=row.actor, previous=row.previous, mac=row.mac)
    write_head(Place(row.position or 0, mac))


def test_a_history_rewritten_with_the_key_differs_from_its_anchor(chain, unguarded):
    anchor()
    link()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tickets_auditentry DISABLE TRIGGER USER")
    rewrite(5)
    assert found() == ["rewritten 1-8"]


def test_a_chain_cut_short_with_the_key_lacks_what_was_anchored(chain, unguarded):
    anchor()
    unguarded("DELETE FROM tickets_auditentry WHERE position > 5 OR position IS NULL", "DELETE FROM tickets_audithead")
    write_head(Place(5, AuditEntry.objects.get(position=5).mac))
    assert found() == ["end_missing 6-8"]


def test_an_anchor_that_is_edited_or_taken_away_is_named(chain, folder):
    anchor()
    record("ticket.view", subject="ticket:1")
    anchor()
    link()
    first, second = sorted(folder.iterdir())
    said = json.loads(first.read_text())
    first.chmod(0o600)
    first.write_text(json.dumps(said | {"mac": "0" * 64}))
    assert found() == ["anchor_changed 8"]
    first.unlink()
    assert found() == ["anchor_missing 8"]
    second.unlink()
    assert found() == ["anchor_missing 8", f"anchor_missing {said['position'] + 2}"]


def test_pruned_rows_are_not_missed_and_further_ones_are(chain, unguarded):
    later = timezone.now() + timedelta(hours=1)
    assert prune(later, most=3) == 3
    link()
    assert found() == []
    unguarded("DELETE FROM tickets_auditentry WHERE position = 4")
    assert found() == ["removed 4"]


def test_pruning_ends_and_leaves_its_own_row(chain):
    before, taken = timezone.now(), []
    while len(taken) < 9 and (count := prune(before, most=5)):
        taken.append(count)
        link()
    assert taken == [5, 3]
    assert AuditEntry.objects.filter(kind="audit.pruned").count() == 2
    assert prune(timezone.now() - timedelta(days=1)) == 0
    assert found() == []


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM tickets_auditentry", "UPDATE tickets_auditentry SET actor = 'x'", "TRUNCATE tickets_auditentry",
     "DELETE FROM tickets_audithead", "UPDATE tickets_audithead SET position = 1", "TRUNCATE tickets_audithead"],
)  # fmt: skip
def test_the_database_refuses_what_no_code_should_do(chain, statement):
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        cursor.execute("SET LOCAL souffleur.truncating = 'off'")
        cursor.execute(statement)


def test_a_row_that_waits_cannot_be_removed_either(chain):
    row = record("ticket.view")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        row.delete()


def verify(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("audit", "verify", *arguments, stdout=out, stderr=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def test_the_command_ends_with_one_when_something_is_wrong(chain, unguarded):
    assert verify() == (0, "8 rows, positions 1 to 8, 0 anchors: as they were written\n")
    unguarded("DELETE FROM tickets_auditentry WHERE position = 3")
    code, said = verify()
    assert code == 1
    assert said.startswith("position 3: removed\n")


def exported(tmp_path: Path, *more: str) -> Path:
    file = tmp_path / "audit.jsonl"
    call_command("audit", "export", str(file), *more, stderr=StringIO())
    return file


def test_an_export_is_recorded_and_can_be_verified_without_any_secret(chain, folder, tmp_path):
    with acting("user:1"):
        anchor()
        file = exported(tmp_path)
    arguments = ("--file", str(file), "--anchors", str(folder), "--public-key", settings.AUDIT_PUBLIC_KEY)
    assert AuditEntry.objects.filter(kind="audit.export", actor="user:1").count() == 1
    assert verify(*arguments)[0] == 0
    lines = file.read_text().splitlines()
    for wrong in (
        [*lines[:3], lines[3].replace("user:3", "user:4"), *lines[4:]],  # content, found by the anchor's hash
        [*lines[:3], *lines[4:]],
        lines[1:],
        [*lines[:2], lines[3], lines[2], *lines[4:]],
        lines[:5],
    ):
        file.write_text("\n".join(wrong) + "\n")
        assert verify(*arguments)[0] == 1, wrong
    file.write_text("no JSON\n")
    assert verify(*arguments)[0] == 2


def test_an_export_holds_what_was_asked_for(chain, tmp_path):
    rows = [json.loads(line) for line in exported(tmp_path, "--subject", "ticket:3").read_text().splitlines()]
    assert [row["subject"] for row in rows] == ["ticket:3"]
    assert exported(tmp_path, "--kind", "model.").read_text() == ""
    assert exported(tmp_path, "--since", "2200-01-01").read_text() == ""


def test_a_changed_key_verifies_what_the_former_one_made(chain, settings):
    settings.AUDIT_KEYS = [b"new", *settings.AUDIT_KEYS]
    record("ticket.view")
    link()
    assert found() == []
    settings.AUDIT_KEYS = [b"another"]
    assert found()[0] == "changed 1-9"


def test_no_words_get_in():
    for wrong in ({"subject": "my card 4242"}, {"reason": "he said"}, {"share": float("nan")}, {"count": 10**16}):
        with pytest.raises(ValueError, match="audit"):
            record("ticket.view", **wrong)
