"""The Intents page: doubtful rows, contradictions, names that change, and a report that holds no text."""

import json

import numpy as np
import pytest
from django.urls import reverse
from django.utils import timezone

from copilot.triage.classifier import Prediction
from tickets import label_health, label_reports, renaming, tasks
from tickets.lesson import Row
from tickets.models import FieldDefinition, IntentChange, LabelReport, RoutingRule, Ticket, TrainingRow

pytestmark = pytest.mark.django_db


def cloud(labels, number, noise=0.3, seed=0):
    """Rows around a direction for each label."""
    random = np.random.default_rng(seed)
    centres = np.eye(max(32, len(labels)))[: len(labels)]
    vectors = np.repeat(centres, number, axis=0) + noise * random.normal(size=(len(labels) * number, centres.shape[1]))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = [Row(n, f"text {n}", label, "imported") for n, label in enumerate(np.repeat(labels, number))]
    return rows, vectors.astype(np.float32)


class TestReport:
    def test_planted_mislabels_come_first(self):
        rows, vectors = cloud(["a", "b", "c"], 60, noise=0.12)
        planted = {3, 70, 130}
        wrong = [
            row._replace(intent={"a": "b", "b": "c", "c": "a"}[row.intent]) if row.pk in planted else row
            for row in rows
        ]
        report = label_health.examine(wrong, vectors, {"a", "b", "c"})
        assert {one["row"] for one in report["doubtful"][:3]} == planted
        assert report["doubtful"][0]["said"] == rows[report["doubtful"][0]["row"]].intent
        assert len(report["doubtful"]) < 8

    def test_clean_rows_are_hardly_doubted(self):
        report = label_health.examine(*cloud(["a", "b"], 80, noise=0.1), {"a", "b"})
        assert report["doubtful"] == [] and report["accuracy"] == 1.0

    def test_precision_recall_confusions_and_new_labels(self):
        rows, vectors = cloud(["a", "b", "c"], 60, noise=0.1)
        mixed = [row._replace(intent="b") if row.intent == "a" and row.pk % 2 else row for row in rows]
        report = label_health.examine(mixed, vectors, {"a", "b"})
        by_name = {one["name"]: one for one in report["intents"]}
        assert by_name["c"]["precision"] == by_name["c"]["recall"] == 1.0 and by_name["c"]["new"]
        assert by_name["a"]["precision"] < 0.9 and not by_name["a"]["new"]
        assert (report["confusions"][0]["a"], report["confusions"][0]["b"]) == ("a", "b")

    def test_same_and_nearly_same_texts_with_different_labels(self):
        rows, vectors = cloud(["a", "b"], 10, noise=0.3)
        rows += [Row(100, "TEXT  3", "b", "agent"), Row(101, "nearly text 5", "b", "agent")]
        vectors = np.vstack([vectors, vectors[3], vectors[5]])
        found = label_health.contradictions(rows, vectors)
        assert {(one["a"], one["b"], one["same"]) for one in found} == {(3, 100, True), (5, 101, False)}

    @pytest.mark.parametrize("labels", [["a"], ["a", "b"]])
    def test_hardly_any_rows_are_no_error(self, labels):
        report = label_health.examine(*cloud(labels, 1), set())
        assert report["rows"] == len(labels) and report["doubtful"] == []


@pytest.fixture
def said(machine):
    TrainingRow.objects.bulk_create(
        TrainingRow(text=f"{word} {n}", intent=intent, language="en", origin="imported")
        for intent, word in (("refund", "money back"), ("repair", "broken brake"))
        for n in range(12)
    )
    TrainingRow.objects.create(text="broken brake 3", intent="refund", language="en", origin="agent")
    TrainingRow.objects.create(text="a thief", intent="theft", language="en", origin="agent")


@pytest.fixture
def reported(said, monkeypatch):
    monkeypatch.setattr(tasks.report_labels, "apply_async", lambda **_: None)
    label_reports.ask()
    label_reports.work_out(LabelReport.objects.get().pk)
    return LabelReport.objects.get()


def test_a_report_holds_no_text_and_the_page_shows_what_to_do(reported, manager, signed_in):
    assert reported.state == "ready" and "brake" not in json.dumps(reported.report)
    page = signed_in(manager).get(reverse("intents")).content.decode()
    for words in ("broken brake 3", "The same text, different intents", "One row only", "<b>Theft</b>", "Precision"):
        assert words in page, words


def test_a_row_is_relabelled_kept_or_erased(reported, manager, signed_in):
    client = signed_in(manager)
    wrong = TrainingRow.objects.get(text="broken brake 3", intent="refund")
    client.post(reverse("relabel_row", args=[wrong.pk]), {"intent": "repair"})
    wrong.refresh_from_db()
    assert (wrong.intent, wrong.origin, wrong.labelled_by) == ("repair", "agent", manager)
    assert "The same text" not in client.get(reverse("intents")).content.decode()
    client.post(reverse("relabel_row", args=[wrong.pk]), {"keep": "1"})
    assert TrainingRow.objects.get(pk=wrong.pk).accepted_at
    client.post(reverse("relabel_row", args=[wrong.pk]), {"erase": "1"})
    assert not TrainingRow.objects.filter(pk=wrong.pk).exists()
    assert client.post(reverse("relabel_row", args=[wrong.pk]), {"intent": "x"}).status_code == 404


def test_an_erased_row_is_gone_from_the_page_at_once(reported, manager, signed_in):
    TrainingRow.objects.filter(text__startswith="broken brake 3").delete()
    assert "broken brake 3" not in signed_in(manager).get(reverse("intents")).content.decode()


def test_a_report_whose_worker_died_is_worked_out_again_and_given_up_in_the_end(said, monkeypatch):
    monkeypatch.setattr(tasks.report_labels, "apply_async", lambda **_: None)
    label_reports.ask()
    LabelReport.objects.update(attempts=label_reports.MAX_ATTEMPTS, lease_until=timezone.now())
    label_reports.look_after(timezone.now())
    assert LabelReport.objects.get().state == "failed"


def test_an_examination_that_failed_says_what_to_do(said, manager, signed_in):
    client = signed_in(manager)
    LabelReport.objects.create(state="failed")
    assert "did not end well. Try again" in client.get(reverse("intents")).content.decode()
    LabelReport.objects.create()
    assert "did not end well" not in client.get(reverse("intents")).content.decode()


class TestNames:
    @pytest.fixture
    def world(self, said, make_ticket, other_team):
        make_ticket(intent="refund")
        RoutingRule.objects.create(name="money", intents=["refund", "invoice"], team=other_team)
        FieldDefinition.objects.create(name="iban", intent="refund", kind="iban")

    def state(self):
        return (
            sorted(TrainingRow.objects.values_list("pk", "intent")), list(Ticket.objects.values_list("intent")),
            RoutingRule.objects.get().intents, list(FieldDefinition.objects.values_list("intent")),
        )  # fmt: skip

    def test_a_rename_changes_everything_at_once_and_is_undone(self, world, manager, signed_in):
        client, before = signed_in(manager), self.state()
        preview = client.get(reverse("rename_intent"), {"old": "refund", "new": "money_back"}).content.decode()
        assert "13 training rows" in preview and "1 routing rule: money" in preview and "1 field" in preview
        client.post(reverse("rename_intent"), {"old": "refund", "new": "money_back"})
        assert not TrainingRow.objects.filter(intent="refund").exists()
        assert self.state()[1:] == ([("money_back",)], ["money_back", "invoice"], [("money_back",)])
        client.post(reverse("undo_rename", args=[IntentChange.objects.get().pk]))
        assert self.state() == before

    def test_a_merge_gives_back_only_what_it_took(self, world, manager):
        before = self.state()
        change = renaming.change("refund", "repair", manager)
        assert change.is_merge and TrainingRow.objects.filter(intent="repair").count() == 25
        TrainingRow.objects.create(text="later", intent="repair", language="en", origin="agent")
        assert renaming.undo(change.pk) and not renaming.undo(change.pk)
        assert self.state()[1:] == before[1:]
        assert TrainingRow.objects.get(text="later").intent == "repair"

    def test_a_change_on_which_another_builds_waits_for_that(self, world, manager):
        first = renaming.change("refund", "money", manager)
        second = renaming.change("money", "cash", manager)
        assert not renaming.undo(first.pk)
        assert renaming.undo(second.pk) and renaming.undo(first.pk)

    @pytest.mark.parametrize(("old", "new"), [("refund", "refund"), ("nothing", "x"), ("refund", " ")])
    def test_nonsense_is_refused(self, world, manager, old, new):
        with pytest.raises(renaming.CannotChange):
            renaming.change(old, new, manager)

    def test_what_an_older_model_says_is_read_in_todays_names(self, world, manager):
        learned = timezone.now()
        renaming.change("refund", "money", manager)
        renaming.change("money", "repair", manager)
        said = Prediction("theft", 0.4, (("theft", 0.4), ("refund", 0.35), ("repair", 0.25)), True)
        [now] = renaming.in_new_names([said], learned)
        assert (now.intent, now.confidence) == ("repair", pytest.approx(0.6))
        assert renaming.in_new_names([said], timezone.now()) == [said]
