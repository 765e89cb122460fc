"""Agents hide more of a ticket from models; administrators add patterns and allow values, and try them first."""

import re

import pytest
from django.urls import reverse

from copilot.privacy.spans import KINDS
from tickets import masking, redaction
from tickets.labelling import training_text
from tickets.models import Draft, Message, Problem, Redaction, RedactionRule, Summary, Ticket, TrainingRow
from tickets.templatetags.redaction import kind_name

BODY = "The blue Kestrel of my aunt broke.\nIt is in the back\nyard now. Kestrels are fine."


@pytest.fixture
def asked(make_ticket):
    ticket = make_ticket(subject="Kestrel", body=BODY)
    TrainingRow.objects.create(ticket=ticket, text=training_text(ticket), intent="a", language="en", origin="agent")
    return ticket


def words(ticket):
    return Message.objects.get(ticket=ticket).redacted


class TestAnAgent:
    def test_hides_a_value_wherever_it_stands(self, asked):
        assert masking.hide(asked, " Kestrel ") == "[HIDDEN_1]"
        ticket = Ticket.objects.get()
        assert words(ticket) == BODY.replace("blue Kestrel ", "blue [HIDDEN_1] ")  # whole words only
        assert ticket.redact(ticket.subject).text == "[HIDDEN_1]"
        assert TrainingRow.objects.get().text.startswith("[HIDDEN_1]\nThe blue [HIDDEN_1]")
        assert Message.objects.get().body == BODY

    def test_hides_over_a_line_end_and_two_values_apart(self, asked):
        masking.hide(asked, "back yard")
        masking.hide(asked, "aunt")
        ticket = Ticket.objects.get()
        assert re.search(r"my \[HIDDEN_\d\] broke.\nIt is in the \[HIDDEN_\d\] now", words(ticket))
        assert Message.objects.get().for_model().restore() == BODY
        assert {value for _, value, _ in masking.hidden(ticket)} == {"back yard", "aunt"}
        assert masking.show(ticket, "[HIDDEN_1]") and "back\nyard now" in words(ticket)

    def test_hides_what_comes_later_too(self, asked):
        masking.hide(asked, "Kestrel")
        assert Ticket.objects.get().redact("A Kestrel again").text == "A [HIDDEN_1] again"

    @pytest.mark.parametrize(
        ("value", "code"), [("", "short"), ("K", "short"), ("x" * 201, "long"), ("Peregrine", "absent")]
    )
    def test_is_told_why_not(self, asked, value, code):
        with pytest.raises(masking.CannotHide, match=code):
            masking.hide(asked, value)

    def test_is_told_that_it_is_hidden_already(self, asked):
        masking.hide(asked, "Kestrel")
        with pytest.raises(masking.CannotHide, match="hidden"):
            masking.hide(asked, "Kestrel")

    def test_keeps_short_names_of_agents_hidden(self, asked):
        Message.objects.create(
            ticket=asked, external_id="2", author="agent", author_name="Tip Moor", body="Tip: the Kestrel",
            redacted="x", sent_at=asked.created_at,
        )  # fmt: skip
        masking.hide(asked, "Kestrel")
        assert "Tip" not in Message.objects.get(external_id="2").redacted

    def test_takes_it_back(self, asked):
        before = words(asked)
        placeholder = masking.hide(asked, "Kestrel")
        assert masking.show(asked, placeholder)
        assert words(asked) == before and Ticket.objects.get().originals == {}
        assert not masking.show(asked, placeholder)

    def test_lets_models_read_nothing_that_a_detector_hid(self, ticket):
        assert not masking.show(ticket, "[CARD_1]")
        assert "[CARD_1]" in Ticket.objects.get().originals

    def test_has_the_draft_and_the_summary_made_again(self, asked, make_draft):
        old = make_draft(asked)
        Summary.objects.create(ticket=asked, state="ready", lines=[{"role": "problem"}])
        masking.hide(asked, "Kestrel")
        old.refresh_from_db()
        assert old.state == Draft.State.SUPERSEDED
        assert Draft.objects.filter(ticket=asked, state=Draft.State.PENDING).count() == 1
        assert Summary.objects.get().state == "pending"

    def test_leaves_a_decision_alone(self, asked, make_draft):
        sent = make_draft(asked, Draft.State.ACCEPTED)
        masking.hide(asked, "Kestrel")
        assert list(Draft.objects.values_list("pk", "state")) == [(sent.pk, "accepted")]

    def test_does_it_on_the_page(self, asked, agent, signed_in):
        client, page = signed_in(agent), reverse("ticket", args=[asked.pk])
        assert "Nothing is hidden from models" in client.get(page).content.decode()
        client.post(reverse("mask", args=[asked.pk]), {"value": "Kestrel"})
        text = client.get(page).content.decode()
        assert "Hidden from models: hidden by an agent" in text and "Let models read it" in text
        client.post(reverse("unmask", args=[asked.pk]), {"placeholder": "[HIDDEN_1]"})
        assert "Nothing is hidden from models" in client.get(page).content.decode()

    def test_reads_what_was_wrong(self, asked, agent, signed_in):
        answer = signed_in(agent).post(reverse("mask", args=[asked.pk]), {"value": "Peregrine"})
        assert answer.status_code == 422 and "does not hold these words" in answer.content.decode()


@pytest.fixture
def admin(administrator, signed_in):
    return signed_in(administrator)


def add(client, kind, **fields):
    return client.post(reverse("add_redaction", args=[kind]), {f"{kind}-{name}": text for name, text in fields.items()})


class TestAnAdministrator:
    def test_adds_a_pattern_that_counts_at_once(self, admin):
        assert redaction.redact("Contract KD-12345678").originals == {}
        assert add(admin, "pattern", name="Contract", value=r"KD-\d{8}").status_code == 302
        assert redaction.redact("Contract kd-12345678").text == "Contract [CUSTOM_1]"

    def test_allows_a_value(self, admin):
        assert redaction.redact("Write to help@example.com").originals
        add(admin, "allowed", value="@example.com")
        assert redaction.redact("Write to help@example.com").originals == {}
        assert redaction.redact("Write to help@other.example").originals

    def test_asks_for_optional_kinds(self, admin):
        text = "My order number is 4455667788"
        assert redaction.redact(text).originals == {}
        admin.post(reverse("optional_redaction"), {"kind": ["ORDER", "EMAIL", "nonsense"]})
        assert Redaction.objects.get().optional == ["ORDER"]
        assert redaction.redact(text).text == "My order number is [ORDER_1]"

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"name": "", "value": "x"}, "required"), ({"name": "a", "value": "("}, "not a pattern"),
            ({"name": "a", "value": "(a+)+$"}, "too long on some texts"), ({"name": "a", "value": "x*"}, "empty text"),
        ],
    )  # fmt: skip
    def test_is_told_what_is_wrong_with_a_pattern(self, admin, fields, said):
        answer = add(admin, "pattern", **fields)
        assert answer.status_code == 422 and said in answer.content.decode()
        assert not RedactionRule.objects.exists()

    def test_is_told_of_what_is_there(self, admin):
        add(admin, "pattern", name="Contract", value="KD")
        assert "a pattern of this name" in add(admin, "pattern", name="contract", value="XY").content.decode()
        add(admin, "allowed", value="Amex")
        assert "is on the list" in add(admin, "allowed", value="amex").content.decode()

    def test_deletes_and_takes_it_back(self, admin):
        add(admin, "pattern", name="Contract", value=r"KD-\d{8}")
        rule = RedactionRule.objects.get()
        page = admin.post(reverse("delete_redaction", args=[rule.pk]), follow=True).content.decode()
        assert "Contract counts no more" in page
        assert redaction.redact("KD-12345678").originals == {}
        admin.post(reverse("restore_redaction", args=[rule.pk]))
        assert redaction.redact("KD-12345678").text == "[CUSTOM_1]"

    def test_tries_a_pattern_that_is_not_saved(self, admin):
        typed = {"pattern-name": "Contract", "pattern-value": r"KD-\d+", "sample": "KD-1, a <b> and me@example.com"}
        page = admin.post(reverse("try_redaction"), typed).content.decode()
        assert '<span class="mask">[CUSTOM_1]</span>, a &lt;b&gt; and <span class="mask">[EMAIL_1]</span>' in page
        assert not RedactionRule.objects.exists()

    def test_tries_without_a_pattern_and_with_a_bad_one(self, admin):
        page = admin.post(reverse("try_redaction"), {"sample": "me@example.com"}).content.decode()
        assert '<span class="mask">[EMAIL_1]</span>' in page
        bad = admin.post(reverse("try_redaction"), {"pattern-value": "(", "sample": "me@example.com"})
        assert bad.status_code == 422 and "EMAIL_1" not in bad.content.decode()

    def test_a_pattern_that_runs_out_of_time_is_noted_without_the_text(self, admin, monkeypatch):
        from copilot.privacy import policy

        RedactionRule.objects.create(kind="pattern", name="Slow", value="(a+)+b")
        redaction.changed()
        monkeypatch.setattr(policy, "SECONDS", 1e-9)
        redaction.redact("a" * 5000)
        assert Problem.objects.get().text == "Slow"

    def test_a_pattern_that_no_longer_compiles_hides_no_ticket(self, db):
        RedactionRule.objects.create(kind="pattern", name="Old", value="(")
        redaction.changed()
        assert redaction.redact("me@example.com").text == "[EMAIL_1]"
        assert Problem.objects.get().kind == "redaction"


def test_tickets_that_are_here_are_gone_through(db, admin, make_ticket, make_draft):
    first, second = make_ticket(body="My contract is KD-12345678."), make_ticket(body="Hello.")
    drafts = [make_draft(first), make_draft(second)]
    add(admin, "pattern", name="Contract", value=r"KD-\d{8}")
    assert redaction.left() == 2
    assert "2 tickets are still to be gone through" in admin.get(reverse("redaction")).content.decode()
    assert not masking.redact_again() and redaction.left() == 0
    assert words(first) == "My contract is [CUSTOM_1]." and words(second) == "Hello."
    assert Ticket.objects.get(pk=first.pk).originals == {"[CUSTOM_1]": "KD-12345678"}
    states = [Draft.objects.get(pk=draft.pk).state for draft in drafts]
    assert states == [Draft.State.SUPERSEDED, Draft.State.READY]  # only what had read it is written again


def test_a_change_in_the_middle_begins_again(db, admin, make_ticket, monkeypatch):
    monkeypatch.setattr(masking, "BATCH", 1)
    make_ticket(), make_ticket()
    redaction.changed()
    assert masking.redact_again()
    redaction.changed()
    assert redaction.left() == 2


def test_one_ticket_that_fails_holds_up_no_other(db, make_ticket, monkeypatch, caplog):
    bad, good = make_ticket(body="a KD-1 b"), make_ticket(body="a KD-1 b")
    RedactionRule.objects.create(kind="pattern", name="K", value=r"KD-\d")
    redaction.changed()
    again = masking._again
    monkeypatch.setattr(masking, "_again", lambda ticket: 1 / 0 if ticket.pk == bad.pk else again(ticket))
    masking.redact_again()
    assert (words(bad), words(good)) == ("a KD-1 b", "a [CUSTOM_1] b")
    assert "ZeroDivisionError" in caplog.text and "KD-1" not in caplog.text


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"TEXT"}))
def test_every_kind_has_a_name(kind):
    assert kind_name(kind) != kind or kind in ("IBAN", "BIC")
