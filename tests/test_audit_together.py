"""Many processes write to the audit at once, some are killed, some take back what they did: the chain stays whole."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from tests.world import environment
from tickets.audit import link, record, verifying
from tickets.models import AuditEntry
from tickets.sweep import sweep

pytestmark = pytest.mark.django_db(transaction=True)
THREADS, EACH = 6, 25


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings):
    settings.AUDIT_ANCHORS = tmp_path / "anchors"


def write(number: int) -> None:
    try:
        for turn in range(EACH):
            with transaction.atomic():
                record("ticket.view", subject=f"ticket:{number}", turn=turn)
                record("ticket.view", subject=f"ticket:{number}", turn=turn)
                if turn % 5 == 4:
                    transaction.set_rollback(True)
    finally:
        connection.close()


def positions() -> list[int | None]:
    return list(AuditEntry.objects.order_by("position").values_list("position", flat=True))


def test_many_at_once_leave_one_chain_without_a_gap():
    threads = [threading.Thread(target=write, args=[number]) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    link()
    assert positions() == list(range(1, THREADS * EACH * 2 * 4 // 5 + 1))
    assert verifying.verify().findings == []


def test_rows_are_linked_by_the_commit_and_what_is_rolled_back_leaves_none():
    record("ticket.view")
    with transaction.atomic():
        record("ticket.approve")
        transaction.set_rollback(True)
    assert positions() == [1]
    assert [row.kind for row in AuditEntry.objects.all()] == ["ticket.view"]


KILLED = """
import os, signal, django; django.setup()
from tests.world import environment
from tickets.audit import linking, recording
recording.link = lambda: os.kill(os.getpid(), signal.SIGKILL)
recording.record("ticket.view", subject="ticket:7")
"""


def test_the_sweep_links_what_a_killed_process_left(monkeypatch):
    name = connection.settings_dict["NAME"]
    told = environment(settings.DATA_DIR, name)
    ended = subprocess.run(
        [sys.executable, "-c", KILLED], env={**os.environ, **told}, cwd=settings.BASE_DIR, timeout=60, check=False
    )
    assert ended.returncode == -signal.SIGKILL
    assert positions() == [None]
    sweep()
    assert positions()[0] == 1
    assert AuditEntry.objects.get(position=1).subject == "ticket:7"
    assert verifying.verify().findings == []
