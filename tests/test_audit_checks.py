"""The chain is walked and anchored once a day, and what is wrong is a problem on the administrators' page."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tickets.audit import anchoring, checks, link, record
from tickets.models import AuditCheck, AuditEntry, Problem

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings):
    settings.AUDIT_ANCHORS = tmp_path / "anchors"
    return settings.AUDIT_ANCHORS


def test_a_walk_is_asked_for_once_a_day_and_once_at_a_time():
    now = timezone.now()
    checks.look_after(now)
    assert not AuditCheck.objects.exists()  # nothing to look at
    record("ticket.view")
    checks.look_after(now)
    checks.look_after(now)
    assert checks.ask() is None
    [check] = AuditCheck.objects.all()
    checks.work_out(check.pk)
    checks.work_out(check.pk)
    check.refresh_from_db()
    assert (check.state, check.rows, check.attempts) == ("sound", 1, 1)
    checks.look_after(now + timedelta(hours=23))
    assert AuditCheck.objects.count() == 1
    checks.look_after(now + timedelta(hours=25))
    assert AuditCheck.objects.count() == 2


def test_what_a_walk_finds_is_a_problem_until_it_is_gone():
    record("ticket.view")
    link()
    row = AuditEntry.objects.get()
    row.pk, row.position, row._state.adding = None, 2, True
    row.save()
    checks.ask()
    checks.work_out(AuditCheck.objects.get().pk)
    last = checks.last()
    assert last is not None and last.state == "broken" and last.findings == [["inserted", 2, 2]]
    assert Problem.objects.get().kind == "audit"


def test_a_walk_whose_workers_die_ends(monkeypatch):
    record("ticket.view")
    check = checks.ask()
    assert check is not None
    AuditCheck.objects.update(attempts=3)
    checks.look_after(timezone.now())
    check.refresh_from_db()
    assert check.state == "failed"


def test_an_anchor_is_written_once_a_day(folder):
    record("ticket.view")
    for _ in range(2):
        checks.anchor()
        link()
    [file] = folder.iterdir()
    assert file.name.startswith("audit-000000000001-")
    later = timezone.now() + timedelta(hours=25)
    assert anchoring.is_due(later)
    assert oct(file.stat().st_mode)[-3:] == "444"


def test_a_folder_that_cannot_be_written_is_a_problem(folder, settings):
    settings.AUDIT_ANCHORS = Path("/proc/souffleur")
    record("ticket.view")
    checks.anchor()
    assert Problem.objects.get().kind == "anchor"
    settings.AUDIT_ANCHORS = folder
    checks.anchor()
    assert not Problem.objects.exists()
