"""Recipes side by side: one serves, whole; another takes over when every passage has its vector."""

from datetime import timedelta

import pytest
from django.utils import timezone

from copilot.privacy import redact
from knowledge import building, recipes, status, takeover, vectors
from knowledge.models import Passage, PassageVector, Recipe
from knowledge.search import search
from tests.side_by_side import build, count, fill, found, states

pytestmark = pytest.mark.django_db


def test_the_first_embedder_serves_at_once(filled):
    assert states() == {"fake-1": "serving"} and count("fake-1") == 2


def test_an_empty_knowledge_base_changes_at_once(db):
    takeover.aim("fake-1")
    takeover.aim("fake-2")
    assert states() == {"fake-1": "retired", "fake-2": "serving"}


def test_a_change_is_built_beside_what_serves_and_switched_when_whole(filled, machine):
    takeover.aim("fake-2")
    assert not takeover.switch("fake-2") and found()[0].dense > 0
    build(machine)
    assert states() == {"fake-1": "serving", "fake-2": "building"} and count("fake-2") == 2
    assert takeover.switch("fake-2") and recipes.serving_embedder().recipe == "fake-2"
    assert states() == {"fake-1": "retired", "fake-2": "serving"} and found()[0].dense > 0


def test_a_changed_article_is_read_by_every_recipe_that_is_kept(filled, machine):
    takeover.aim("fake-2")
    build(machine)
    fill(filled, machine, refund="Refunds of a duplicate charge now take three days.")
    assert not vectors.missing("fake-1").exists() and not vectors.missing("fake-2").exists()
    assert PassageVector.objects.count() == 4  # those of the old version went with it
    takeover.switch("fake-2")
    fill(filled, machine, bike="The bike folds in nine seconds.")
    assert not vectors.missing("fake-1").exists(), "a draft that began before the switch would not find it"


def test_without_the_new_model_a_sync_leaves_a_gap_that_holds_the_switch(filled, machine):
    takeover.aim("fake-2")
    build(machine)
    embedder = machine.here.pop("fake-2")
    fill(filled, machine, tyre="The tyre is inflated to four bar.")
    assert not takeover.switch("fake-2")
    machine.here["fake-2"] = embedder
    build(machine)
    assert takeover.switch("fake-2")


def test_changing_back_midway_drops_what_was_half_built(filled, machine):
    takeover.aim("fake-2")
    mine = building.claim("fake-2")
    takeover.aim("fake-1")
    assert states() == {"fake-1": "serving"}
    building.embed_some(mine, machine.here["fake-2"])  # a worker that did not know
    assert set(PassageVector.objects.values_list("recipe__name", flat=True)) == {"fake-1"}


def test_changing_to_a_third_midway_drops_the_second(filled):
    takeover.aim("fake-2")
    takeover.aim("fake-3")
    assert states() == {"fake-1": "serving", "fake-3": "building"}


def test_going_back_needs_no_embedding_until_the_old_vectors_are_forgotten(filled, machine):
    takeover.aim("fake-2")
    build(machine)
    takeover.switch("fake-2")
    takeover.forget()
    machine.here["fake-1"].seen.clear()
    takeover.aim("fake-1")
    assert takeover.switch("fake-1") and machine.here["fake-1"].seen == []
    Recipe.objects.update(retired_at=timezone.now() - takeover.GRACE - timedelta(seconds=1))
    takeover.forget()
    assert states() == {"fake-1": "serving"} and count("fake-2") == 0 and count("fake-1") == 2


def test_a_search_never_compares_with_half_of_the_passages(filled, machine):
    takeover.aim("fake-2")
    question, newer = redact("duplicate charge"), machine.here["fake-2"]
    bike, recipe = Passage.objects.get(text__contains="bike"), Recipe.objects.get(name="fake-2")
    PassageVector.objects.create(passage=bike, recipe=recipe, vector=newer.embed([question])[0])
    hits = search(question, embedder=newer, languages=["en"], audience="customer", k=5)
    assert [(hit.article, hit.dense) for hit in hits] == [("refund", 0.0)]


def test_a_model_that_left_the_machine_leaves_the_words(filled, machine, caplog):
    takeover.aim("fake-2")
    machine.named = "fake-2"
    del machine.here["fake-1"]
    recipes._say.cache_clear()
    hits = found() + found()
    assert {(hit.article, hit.dense) for hit in hits} == {("refund", 0.0)}
    assert caplog.text.count("not on this machine") == 1
    recipes.look()
    assert status.read().words_alone
    build(machine)
    takeover.switch("fake-2")
    recipes.look()
    assert found()[0].dense > 0 and not status.read().words_alone


def test_one_worker_at_a_time_builds_and_a_dead_one_is_replaced(filled, machine):
    takeover.aim("fake-2")
    dead = building.claim("fake-2")
    assert building.claim("fake-2") is None
    Recipe.objects.filter(name="fake-2").update(lease_until=timezone.now() - timedelta(seconds=1))
    alive = building.claim("fake-2")
    assert alive and building.renew(dead) is None
    building.embed_some(dead, machine.here["fake-2"])
    assert count("fake-2") == 0, "it lost its claim"
    building.embed_some(alive, machine.here["fake-2"])
    assert count("fake-2") == 2


def test_a_killed_worker_costs_one_batch(filled, machine, monkeypatch):
    fill(filled, machine, tyre="The tyre is inflated to four bar.")
    takeover.aim("fake-2")
    monkeypatch.setattr(building, "BATCH", 1)
    embed, calls = machine.here["fake-2"].embed, []

    def dies(texts):
        calls.append(len(texts))
        if len(calls) == 3:  # a batch is two calls: passages, and their headings
            raise SystemExit
        return embed(texts)

    machine.here["fake-2"].embed = dies
    with pytest.raises(SystemExit):
        build(machine)
    assert count("fake-2") == 1
    Recipe.objects.filter(name="fake-2").update(lease_until=timezone.now() - timedelta(seconds=1))
    build(machine)
    assert count("fake-2") == 3 and calls == [1, 1, 1, 1, 1, 1, 1]


def test_the_text_of_a_passage_is_the_same_for_a_sync_and_for_a_change(filled, machine):
    takeover.aim("fake-2")
    build(machine)
    assert sorted(machine.here["fake-1"].seen) == sorted(machine.here["fake-2"].seen)
