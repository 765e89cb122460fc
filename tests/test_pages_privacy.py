"""Privacy at a glance: every line is true of what is set."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tickets.models import AuditCheck, Erasure, Helpdesk, RedactionRule, RetentionRule


@pytest.fixture
def page(administrator, signed_in):
    client = signed_in(administrator)

    def read():
        return client.get(reverse("privacy")).content.decode()

    return read


def test_a_fresh_machine(page, helpdesk):
    text = page()
    for line in (
        "Nothing.", "No rule yet: everything is kept.", "Nobody yet.", "1 person of 1.", "no model writes them",
        "has not been walked through yet", "0 patterns of your own",
    ):  # fmt: skip
        assert line in text, line


def test_a_machine_that_is_used(page, helpdesk, counter, manager):
    Helpdesk.objects.update(api_url="https://desk.example/")
    RedactionRule.objects.create(kind="pattern", name="Contract", value="KD-[0-9]+")
    RetentionRule.objects.create(helpdesk=helpdesk, what="drafts", days=90)
    AuditCheck.objects.create(state="sound", ended_at=timezone.now())
    Erasure.objects.create(state="done", digest="x", actor="user:1", ended_at=timezone.now())
    text = page()
    for line in (
        "Requests to 2 destinations", "1 rule; what has none is kept.", "1 requester", "2 people of 3.",
        "1 pattern of your own", "and is whole",
    ):  # fmt: skip
        assert line in text, line


def test_a_broken_audit_is_said(page):
    AuditCheck.objects.create(state="broken", ended_at=timezone.now(), count=1)
    assert "The audit is not as it was written." in page()
