"""The index over vectors: built where there are many, whole or not used, and under a filter no worse than without."""

import numpy as np
import pytest
from django.db import connection, connections, transaction

from knowledge import corpus, dense, nearness
from knowledge.models import Article, ArticleVersion, Passage, PassageVector, Recipe, Source
from knowledge.scope import Scope
from knowledge.tasks import keep_indexes

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]

CHANCE = np.random.default_rng(7)
RECIPE = "unit-1"
LIMIT = 20
LARGE = 1_000


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def fill(count, share_public=1.0, language="en"):
    """Passages around 40 topics, as a help centre's are."""
    source = Source.objects.get_or_create(name="n", location="/n")[0]
    recipe = Recipe.objects.get_or_create(name=RECIPE, defaults={"state": Recipe.State.SERVING})[0]
    article = Article.objects.create(source=source, external_id=f"{language}{count}")
    version = ArticleVersion.objects.create(
        article=article, number=1, title="", language=language, visibility="public", body="", fingerprint=""
    )
    topics = unit(CHANCE.normal(size=(40, 384)))
    vectors = unit(topics[CHANCE.integers(0, 40, count)] + 0.9 * unit(CHANCE.normal(size=(count, 384))))
    seen = np.where(CHANCE.random(count) < share_public, "public", "internal").tolist()
    passages = Passage.objects.bulk_create(
        Passage(version=version, position=n, text="", language=language, visibility=visibility, current=True, words=1)
        for n, visibility in enumerate(seen)
    )
    PassageVector.objects.bulk_create(
        PassageVector(passage=passage, recipe=recipe, language=language, visibility=passage.visibility, vector=vector)
        for passage, vector in zip(passages, vectors, strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE knowledge_passagevector")
    return unit(vectors[:20] + 0.5 * unit(CHANCE.normal(size=(min(20, count), 384))))


@pytest.fixture
def no_indexes_at_the_end():
    yield
    Recipe.objects.all().delete()
    nearness.keep_indexes()


@pytest.fixture
def exactly(monkeypatch):
    """Counts the searches that look at every vector, and lets them."""
    asked, real = [], dense.exactly
    monkeypatch.setattr(dense, "exactly", lambda *args: asked.append(args[2]) or real(*args))
    return asked


def recall(questions, scope):
    """Of what an exact search finds, by the index."""
    found = dense.search(questions, RECIPE, scope, LIMIT)
    exact = dense._run(
        dense._EXACTLY.format(recipe=dense._RECIPE, scope=scope.sql), questions, RECIPE, limit=LIMIT, **scope.parameters
    )
    assert all(list(one.values()) == sorted(one.values(), reverse=True) for one in found)
    return np.mean([len(one.keys() & true.keys()) / len(true) for one, true in zip(found, exact, strict=True)])


@pytest.mark.parametrize(("share_public", "audience"), [(1.0, "customer"), (0.5, "customer"), (0.1, "customer"),
                                                        (0.1, "agent")])  # fmt: skip
def test_what_a_filter_leaves_is_found_all_the_same(no_indexes_at_the_end, exactly, share_public, audience):
    questions = fill(1500, share_public)
    assert nearness.keep_indexes(large=LARGE) == [f"knowledge_nearness_{Recipe.objects.get().pk}_en"]
    assert recall(questions, Scope(["en"], audience)) >= 0.95
    assert exactly == []  # the index found enough by itself


def test_a_filter_that_leaves_almost_nothing_is_searched_exactly(no_indexes_at_the_end, exactly):
    questions = fill(1500, share_public=0.005)
    nearness.keep_indexes(large=LARGE)
    assert recall(questions, Scope(["en"], "customer")) == 1.0
    assert len(exactly) == 1


def test_a_language_with_few_passages_needs_no_index_and_is_found_beside_one_that_has(no_indexes_at_the_end, exactly):
    questions = fill(1500)
    fill(50, language="fr")
    assert len(nearness.keep_indexes(large=LARGE)) == 1
    scope = Scope(["en", "fr"], "customer")
    assert recall(questions, scope) >= 0.95
    assert [one.languages for one in exactly] == [["fr"]]
    french = PassageVector.objects.filter(language="fr").first()
    found = dense.search([np.array(french.vector, dtype=np.float32)], RECIPE, scope, LIMIT)
    assert next(iter(found[0])) == french.passage_id


def test_the_index_is_what_postgresql_reads(no_indexes_at_the_end):
    questions = fill(1100)
    nearness.keep_indexes(large=LARGE)
    asked = []

    def keep(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        dense.search(questions, RECIPE, Scope(["en"], "customer"), LIMIT)
    [(sql, params)] = [(sql, params) for sql, params in asked if "<#>" in sql]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Scan using knowledge_nearness_" in plan


def test_without_many_vectors_there_is_no_index(no_indexes_at_the_end, exactly):
    questions = fill(300)
    assert nearness.keep_indexes() == []
    assert nearness.indexed(RECIPE).languages == frozenset()
    assert recall(questions, Scope(["en"], "agent")) == 1.0
    assert len(exactly) == 1


def test_a_broken_index_is_not_used_and_built_anew(no_indexes_at_the_end):
    fill(1500)
    [name] = nearness.keep_indexes(large=LARGE)
    with connection.cursor() as cursor:  # as a build that was killed leaves it
        cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = %s::regclass", [name])
    assert nearness.indexed(RECIPE).languages == frozenset()
    assert nearness.keep_indexes(large=LARGE) == [name]
    assert nearness.indexed(RECIPE).languages == {"en"}
    assert nearness.keep_indexes(large=LARGE) == []


def test_an_index_goes_with_its_recipe_and_when_few_are_left(no_indexes_at_the_end):
    fill(1500)
    nearness.keep_indexes(large=LARGE)
    assert nearness.keep_indexes(large=2900) == [] and nearness.indexed(RECIPE).languages == {"en"}
    nearness.keep_indexes(large=4000)
    assert nearness.indexed(RECIPE).languages == frozenset()
    nearness.keep_indexes(large=LARGE)
    Recipe.objects.all().delete()
    keep_indexes()
    assert nearness._indexes() == {}


def test_one_process_builds_at_a_time(no_indexes_at_the_end):
    fill(1500)
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [nearness._LOCK])
            assert nearness.keep_indexes(large=LARGE) == []
            # A server may still hold it a moment after its client has left.
            cursor.execute("SELECT pg_advisory_unlock(%s)", [nearness._LOCK])
    finally:
        other.close()
    assert len(nearness.keep_indexes(large=LARGE)) == 1


def test_passages_are_counted_afresh_while_there_are_few_and_now_and_then_where_there_are_many(monkeypatch):
    scope = Scope(["en"], "agent")
    fill(30)
    assert corpus.of(scope) == (30, 1.0)
    fill(5)
    assert corpus.of(scope).passages == 35
    monkeypatch.setattr(corpus, "LARGE", 35)
    monkeypatch.setattr(corpus, "_kept", {})
    assert corpus.of(scope).passages == 35
    fill(7)
    assert corpus.of(scope).passages == 35
    monkeypatch.setattr(corpus, "SECONDS", -1.0)
    monkeypatch.setattr(corpus, "_kept", {})
    assert corpus.of(scope).passages == corpus.of(scope).passages == 42
