"""How long things are kept: each rule takes what is due and nothing else, and the insights stay as they were."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from tickets import insights, retention
from tickets.models import (
    Attachment,
    AttachmentContent,
    AuditEntry,
    Delivery,
    Draft,
    FieldValue,
    Helpdesk,
    Message,
    Reply,
    RetentionRule,
    Review,
    Summary,
    Ticket,
    TrainingRow,
)

pytestmark = pytest.mark.django_db
OLD = timezone.now() - timedelta(days=40)


@pytest.fixture
def rule(helpdesk):
    def make(what, days=30):
        return RetentionRule.objects.create(helpdesk=None if what == "audit" else helpdesk, what=what, days=days)

    return make


@pytest.fixture
def old(make_ticket, make_draft, helpdesk):
    """An answered ticket of forty days ago with everything that rules are about."""

    def make(**fields):
        fields.setdefault("state", "answered")
        ticket = make_ticket("Old", body="said", redacted="said", **fields)
        ticket.remember({"[EMAIL_1]": "a@b.example"})
        ticket.save()
        draft = make_draft(ticket, Draft.State.ACCEPTED)
        review = Review.objects.create(draft=draft, outcome="edited", seconds=9, diff="-a\n+b", note="n")
        Reply.objects.create(review=review, ticket=ticket, body="said", not_before=OLD, state="sent")
        file = Attachment.objects.create(message=ticket.messages.get(), position=0, state="read", locator="x")
        AttachmentContent.objects.create(attachment=file, data=b"x", reading='{"pages": [], "invoice": null}')
        FieldValue.objects.create(ticket=ticket, name="iban", origin="found", value="FR76")
        Summary.objects.create(ticket=ticket, lines=[])
        TrainingRow.objects.create(ticket=ticket, text="said", intent="x", language="en", origin="agent")
        Delivery.objects.create(
            helpdesk=helpdesk, external_id=str(ticket.pk), body=b"said", state="done", ticket=ticket
        )
        age(ticket)
        return ticket

    return make


def age(ticket):
    """Forty days back."""
    Ticket.objects.filter(pk=ticket.pk).update(updated_at=OLD, created_at=OLD)
    Message.objects.filter(ticket=ticket).update(sent_at=OLD)
    Draft.objects.filter(ticket=ticket).update(created_at=OLD)
    Review.objects.filter(draft__ticket=ticket).update(created_at=OLD)
    Attachment.objects.filter(message__ticket=ticket).update(created_at=OLD)
    TrainingRow.objects.filter(ticket=ticket).update(created_at=OLD)
    Delivery.objects.filter(ticket=ticket).update(received_at=OLD)


def left():
    """What rules are about, as far as it is there."""
    return {
        "deliveries": Delivery.objects.exclude(body=b"").count(),
        "messages": Message.objects.exclude(body="").count(),
        "drafts": Draft.objects.count(),
        "diffs": Review.objects.exclude(diff="").count(),
        "attachments": AttachmentContent.objects.count(),
        "training": TrainingRow.objects.count(),
    }


@pytest.mark.parametrize("what", ["deliveries", "messages", "diffs", "attachments", "training", "drafts"])
def test_a_rule_takes_what_is_due_and_nothing_else(rule, old, what):
    old()
    before, numbers = left(), insights.compute(12)
    due = retention.preview(rule(what))
    assert (due.count, due.oldest) == (1, OLD) and left() == before, "a look changes nothing"
    assert retention.apply(due.rule) == 1 and retention.apply(due.rule) == 0
    gone = {"drafts", "diffs"} if what == "drafts" else {what}
    assert left() == {name: 0 if name in gone else count for name, count in before.items()}
    assert insights.compute(12) == numbers
    entry = AuditEntry.objects.get(kind="retention.applied")
    assert entry.facts == {"what": what, "removed": 1}


@pytest.mark.parametrize("what", ["deliveries", "messages", "diffs", "attachments", "training", "drafts"])
def test_what_is_younger_or_of_another_helpdesk_stays(rule, old, what):
    old()
    assert retention.apply(rule(what, days=50)) == 0
    RetentionRule.objects.update(days=30)
    other = Helpdesk.objects.create(slug="two", name="Two", dialect="zammad", webhook_secret="x" * 12)
    Ticket.objects.update(helpdesk=other)
    Delivery.objects.update(helpdesk=other)
    before = left()
    assert retention.apply(RetentionRule.objects.get()) == 0 and left() == before


def test_with_the_messages_goes_what_was_found_in_them(rule, old):
    ticket = old(requester_email="a@b.example")
    retention.apply(rule("messages"))
    ticket.refresh_from_db()
    assert ticket.originals == {} and not ticket.field_values.exists() and not Summary.objects.exists()
    assert (ticket.subject, ticket.requester_email) == ("Old", "a@b.example"), "by which it can be found and erased"


@pytest.mark.parametrize("what", ["messages", "attachments", "drafts"])
def test_an_open_ticket_or_one_whose_reply_has_not_left_is_not_touched(rule, old, what):
    old(state="open")
    second = old()
    Reply.objects.filter(ticket=second).update(state="queued")
    before = left()
    assert retention.apply(rule(what)) == 0 and left() == before


def test_a_call_that_waits_is_not_emptied(rule, old):
    old()
    Delivery.objects.update(state="received")
    assert retention.apply(rule("deliveries")) == 0


def test_a_removed_file_says_why(rule, old, agent, signed_in):
    ticket = old()
    retention.apply(rule("attachments"))
    file = Attachment.objects.get()
    assert (file.state, file.problem, file.locator) == ("failed", "removed", "")
    page = signed_in(agent).get(f"/tickets/{ticket.pk}/")
    assert "It was removed" in page.content.decode()


def test_batches_and_a_killed_run(rule, old, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(5):
        old()
    made, real = rule("drafts"), retention._batch
    seen = []

    def dies(*arguments):
        if len(seen) == 1:
            raise KeyboardInterrupt
        seen.append(1)
        return real(*arguments)

    numbers = insights.compute(12)
    monkeypatch.setattr(retention, "_batch", dies)
    with pytest.raises(KeyboardInterrupt):
        retention.apply(made)
    assert Draft.objects.count() == 3 and insights.compute(12) == numbers
    monkeypatch.setattr(retention, "_batch", real)
    assert retention.apply(made) == 3 and insights.compute(12) == numbers


def test_out_of_time_says_so(rule, old):
    old()
    rule("drafts")
    assert not retention.apply_all(until=0.0) and Draft.objects.exists()
    assert retention.apply_all() and not Draft.objects.exists()


def test_the_command(rule, old, capsys):
    call_command("retention")
    old()
    rule("deliveries")
    call_command("retention", "--dry-run")
    assert left()["deliveries"] == 1
    call_command("retention")
    out = capsys.readouterr().out
    assert "everything is kept" in out and f"would remove 1, oldest of {OLD:%Y-%m-%d}" in out and "removed 1" in out
    assert left()["deliveries"] == 0


def test_a_night_does_not_learn_again_what_was_removed(rule, old):
    from tickets import endings

    old(placed_by="rule", triage="sure")
    retention.apply(rule("training"))
    assert endings.harvest() == 0 and not TrainingRow.objects.exists()
    RetentionRule.objects.all().delete()
    assert endings.harvest() == 1


def test_the_audit_is_pruned_by_its_own_room(rule, monkeypatch):
    seen = []
    monkeypatch.setattr("tickets.audit.prune", lambda before: seen.append(before) or (5 if len(seen) == 1 else 0))
    assert retention.apply(rule("audit", days=10)) == 5
    assert timezone.now() - seen[0] > timedelta(days=9)
