"""Words and vectors of an older database are carried over, and back; what its passages explain is read."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from knowledge import bm25
from knowledge.scope import Scope
from tests.test_vectors_migration import ONES, migrate, to_the_newest_at_the_end

__all__ = ["to_the_newest_at_the_end"]
pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]

BEFORE = [("knowledge", "0006_fusion_weight")]
AFTER = [("knowledge", "0008_abbreviations")]
WORDS = {"charg": 3.0, "refund": 1.0, "sso": 2.0}


def test_words_vectors_and_abbreviations_are_carried_over(to_the_newest_at_the_end):
    old = migrate(BEFORE)
    source = old.get_model("knowledge", "Source").objects.create(name="s", location="/s")
    article = old.get_model("knowledge", "Article").objects.create(source=source, external_id="a")
    version = old.get_model("knowledge", "ArticleVersion").objects.create(
        article=article, number=1, title="A", language="en", visibility="public", body="", fingerprint=""
    )
    recipe = old.get_model("knowledge", "Recipe").objects.create(name="r", state="serving")
    for position, visibility in enumerate(("public", "internal", "public")):
        passage = old.get_model("knowledge", "Passage").objects.create(
            version=version, position=position, text="Single sign-on (SSO).", language="en", visibility=visibility,
            current=position < 2, words=6.0,
        )  # fmt: skip
        if position < 2:
            old.get_model("knowledge", "Posting").objects.bulk_create(
                old.get_model("knowledge", "Posting")(term=term, passage=passage, frequency=frequency)
                for term, frequency in WORDS.items()
            )
            old.get_model("knowledge", "PassageVector").objects.create(passage=passage, recipe=recipe, vector=ONES)

    new = migrate(AFTER)
    postings = new.get_model("knowledge", "Posting").objects
    kept = postings.order_by("passage_id", "term__stem").values_list(
        "term__stem", "term__language", "term__visibility", "frequency", "words"
    )
    assert list(kept) == [
        (stem, "en", visibility, WORDS[stem], 6.0) for visibility in ("public", "internal") for stem in sorted(WORDS)
    ]
    vectors = new.get_model("knowledge", "PassageVector").objects.order_by("passage_id")
    assert list(vectors.values_list("language", "visibility")) == [("en", "public"), ("en", "internal")]
    abbreviations = new.get_model("knowledge", "Abbreviation").objects.order_by("passage_id")
    assert list(abbreviations.values_list("short", "long", "visibility")) == [
        ("sso", "single sign-on", "public"), ("sso", "single sign-on", "internal"),
    ]  # fmt: skip
    assert len(bm25.search([["refund"]], Scope(["en"], "agent"), 5)[0]) == 2

    back = migrate(BEFORE).get_model("knowledge", "Posting").objects
    assert sorted(back.filter(passage__visibility="public").values_list("term", "frequency")) == sorted(WORDS.items())
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    migrate(BEFORE).get_model("knowledge", "Passage").objects.all().delete()
