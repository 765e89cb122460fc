"""Vectors of an older database are carried over, and back."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]

BEFORE = [("knowledge", "0002_alter_posting_options")]
AFTER = [("knowledge", "0003_vectors_side_by_side")]
ONES = [1.0] * 384


def migrate(targets):
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.fixture
def to_the_newest_at_the_end():
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_vectors_and_the_recipe_that_serves_are_carried_over(to_the_newest_at_the_end):
    old = migrate(BEFORE)
    source = old.get_model("knowledge", "Source").objects.create(name="s", path="")
    article = old.get_model("knowledge", "Article").objects.create(source=source, external_id="a")
    version = old.get_model("knowledge", "ArticleVersion").objects.create(
        article=article, number=1, title="A", language="en", visibility="public", body="", fingerprint=""
    )
    passages = old.get_model("knowledge", "Passage").objects
    for position, (recipe, current) in enumerate([("a", True), ("a", True), ("b", True), ("a", False), ("", True)]):
        passages.create(
            version=version, position=position, text="t", language="en", visibility="public", current=current,
            recipe=recipe, vector=ONES if recipe else None,
        )  # fmt: skip

    new = migrate(AFTER)
    assert dict(new.get_model("knowledge", "Recipe").objects.values_list("name", "state")) == {
        "a": "serving", "b": "retired",
    }  # fmt: skip
    kept = new.get_model("knowledge", "PassageVector").objects.order_by("passage__position")
    assert list(kept.values_list("passage__position", "recipe__name")) == [(0, "a"), (1, "a"), (2, "b")]
    assert list(kept[0].vector) == ONES

    back = migrate(BEFORE).get_model("knowledge", "Passage").objects.order_by("position")
    assert list(back.values_list("recipe", flat=True)) == ["a", "a", "", "", ""]
    back.all().delete()
