"""A change of embedder from the sweep to the switch: passages, then triage, then both at once."""

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from copilot.privacy import redact
from knowledge import building, recipes
from knowledge.models import Recipe
from tests.side_by_side import count, found, states
from tickets import intents, reembedding, tasks, versions
from tickets.management.commands import reembed
from tickets.models import Ticket, TrainingRow, TriageModel
from tickets.reembedding import Step

pytestmark = pytest.mark.django_db

ROWS = {"refund": ("refund my duplicate charge", "a charge to refund"), "repair": ("the brake broke", "repair a brake")}


@pytest.fixture
def woken(monkeypatch, django_capture_on_commit_callbacks):
    """Runs what is given, and says which tasks it woke."""

    def run(work, *arguments):
        names = []
        with monkeypatch.context() as patch, django_capture_on_commit_callbacks(execute=True):
            for task in (tasks.embed_passages, tasks.finish_recipe):
                patch.setattr(task, "apply_async", lambda args, task=task, **_: names.append((task, *args)))
            work(*arguments)
        return names

    return run


def follow(woken):
    """Run the sweep and whatever it wakes, to the end; the tasks that ran."""
    ran, waiting = [], woken(reembedding.look_after)
    while waiting:
        task, claim = waiting.pop(0)
        ran.append(task.name.rpartition(".")[2])
        waiting += woken(task, claim)
    return ran


@pytest.fixture
def trained(machine):
    TrainingRow.objects.bulk_create(
        TrainingRow(text=text, intent=intent, language="en", origin="imported")
        for intent, texts in ROWS.items()
        for text in texts
    )
    return versions.retrain()


def test_the_sweep_carries_a_change_to_its_end(filled, trained, machine, woken):
    assert follow(woken) == ["finish_recipe"]  # the first look after an installation
    machine.named = "fake-2"
    assert follow(woken) == ["embed_passages", "finish_recipe"]
    assert states() == {"fake-1": "retired", "fake-2": "serving"} and found()[0].dense > 0
    assert TriageModel.objects.get(is_active=True).recipe == "fake-2"
    assert follow(woken) == []


def test_triage_waits_for_the_switch_and_reads_its_own_vectors_until_then(filled, trained, machine, woken):
    machine.named = "fake-2"
    reembedding.look_after()
    assert intents.active_classifier().recipe == "fake-1"
    ticket = Ticket(subject="x")
    intents.classify(ticket, redact("refund a charge"))
    assert ticket.intent == "refund" and machine.here["fake-1"].seen[-1] == "refund a charge"
    assert "refund a charge" not in machine.here["fake-2"].seen


def test_a_classifier_whose_embedder_is_gone_leaves_tickets_to_people(trained, machine):
    del machine.here["fake-1"]
    ticket = Ticket(subject="x")
    intents.classify(ticket, redact("refund a charge"))
    assert (ticket.intent, ticket.triage) == ("", "unsure")


@pytest.mark.parametrize("broken", [RuntimeError("secret words"), None])
def test_triage_that_cannot_be_trained_stops_nothing_and_is_said(filled, trained, machine, woken, monkeypatch, broken):
    machine.named = "fake-2"
    if broken:
        monkeypatch.setattr(intents, "learn", lambda *_: (_ for _ in ()).throw(broken))
    else:
        TrainingRow.objects.all().delete()
    follow(woken)
    assert states()["fake-2"] == "serving"
    assert recipes.trouble("fake-2") == ("RuntimeError" if broken else "there are no labelled rows")
    ticket = Ticket(subject="x")
    intents.classify(ticket, redact("refund a charge"))
    assert ticket.intent == "refund", "the old classifier keeps its old embedder"


def test_training_by_hand_puts_it_right(filled, trained, machine, woken, monkeypatch):
    machine.named = "fake-2"
    with monkeypatch.context() as patch:
        patch.setattr(intents, "learn", lambda *_: 1 / 0)
        follow(woken)
    assert recipes.trouble("fake-2") == "ZeroDivisionError"
    call_command("train", "triage")
    assert recipes.trouble("fake-2") == "" and intents.active_classifier().recipe == "fake-2"


def test_training_that_kills_its_worker_is_given_up(filled, trained, machine, woken, monkeypatch):
    def killed(*_):
        raise SystemExit

    machine.named = "fake-2"
    monkeypatch.setattr(intents, "learn", killed)
    for _ in range(reembedding.MAX_TRAININGS):
        with pytest.raises(SystemExit):
            follow(woken)
        Recipe.objects.update(lease_until=None)
    follow(woken)
    assert states()["fake-2"] == "serving" and "died" in recipes.trouble("fake-2")


def test_two_sweeps_wake_one_worker_and_an_old_claim_wakes_nobody(filled, machine, woken):
    machine.named = "fake-2"
    [(task, claim)] = woken(reembedding.look_after)
    assert woken(reembedding.look_after) == []
    Recipe.objects.update(lease_until=timezone.now())
    [(_, newer)] = woken(reembedding.look_after)
    assert woken(task, claim) == [] and count("fake-2") == 0
    assert woken(task, newer) == [(tasks.finish_recipe, newer)]


def test_a_passage_that_came_during_training_is_read_before_the_switch(filled, machine, woken):
    machine.named = "fake-2"
    [(task, claim)] = woken(reembedding.look_after)
    [(finish, _)] = woken(task, claim)
    Recipe.objects.get(name="fake-2").vectors.first().delete()
    reembedding._take_over("fake-2", claim, None, "")
    assert states()["fake-2"] == "building"
    assert woken(finish, claim) == [(tasks.embed_passages, claim)]


def test_an_error_is_shown_and_tried_again(filled, machine, woken, manager, signed_in):
    machine.named = "fake-2"
    [(task, claim)] = woken(reembedding.look_after)
    embed, machine.here["fake-2"].embed = machine.here["fake-2"].embed, lambda _: 1 / 0
    with pytest.raises(ZeroDivisionError):
        woken(task, claim)
    page = signed_in(manager).get(reverse("knowledge")).content.decode()
    assert "It stopped (ZeroDivisionError)" in page
    machine.here["fake-2"].embed = embed
    Recipe.objects.update(lease_until=None)
    follow(woken)
    assert states()["fake-2"] == "serving" and recipes.trouble("fake-2") == ""


def test_a_worker_without_the_new_model_leaves_it_to_others(filled, machine, woken):
    machine.named = "fake-2"
    [(task, claim)] = woken(reembedding.look_after)
    del machine.here["fake-2"]
    assert woken(task, claim) == [] and building.renew(claim)


def test_the_command_does_it_all_and_then_nothing(filled, trained, machine, capsys):
    machine.named = "fake-2"
    call_command("reembed")
    assert "2 of 2 passages embedded" in capsys.readouterr().out
    assert states() == {"fake-1": "retired", "fake-2": "serving"} and intents.active_classifier().recipe == "fake-2"
    seen = list(machine.here["fake-2"].seen)
    call_command("reembed")
    assert capsys.readouterr().out == "fake-2 serves\n" and machine.here["fake-2"].seen == seen


def test_the_command_waits_beside_a_worker(filled, machine, monkeypatch):
    machine.named = "fake-2"
    reembedding.look_after()
    waited = []

    def worker_dies(seconds):
        waited.append(seconds)
        Recipe.objects.update(lease_until=timezone.now())

    monkeypatch.setattr(reembed.time, "sleep", worker_dies)
    call_command("reembed")
    assert waited == [reembed.LOOK_SECONDS] and states()["fake-2"] == "serving"


def test_managers_see_a_change_and_agents_are_not_bothered(filled, machine, manager, agent, signed_in):
    page = signed_in(manager).get(reverse("knowledge")).content.decode()
    assert "Search reads the articles with <b>fake-1</b>" in page and "hx-trigger" not in page
    machine.named = "fake-2"
    reembedding.look_after()
    fragment = signed_in(manager).get(reverse("embedder")).content.decode()
    assert "0 of 2 passages read" in fragment and "keep working with <b>fake-1</b>" in fragment
    assert 'hx-trigger="every 3s"' in fragment and '<progress max="2" value="0"' in fragment
    assert signed_in(agent).get(reverse("embedder")).status_code == 403
    assert "fake-2" not in signed_in(agent).get(reverse("knowledge")).content.decode()
    Recipe.objects.update(lease_until=None)
    call_command("reembed")
    fragment = signed_in(manager).get(reverse("embedder")).content.decode()
    assert "<b>fake-2</b>" in fragment and "What fake-1 read is kept until" in fragment and "hx-trigger" not in fragment


def test_everybody_is_told_when_words_alone_find(filled, machine, agent, signed_in):
    machine.named = "fake-2"
    del machine.here["fake-1"]
    reembedding.look_after()
    assert "words alone" in signed_in(agent).get(reverse("knowledge")).content.decode()


def test_the_next_step_is_none_for_a_recipe_that_nobody_wants(filled):
    assert reembedding.needed("fake-9") is None and reembedding.needed("fake-1") is Step.FINISH
