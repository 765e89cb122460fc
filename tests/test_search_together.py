"""Several questions at once: each finds what it would alone, and the database is asked once for all."""

import pytest

from copilot.privacy import redact
from knowledge import bm25, dense, ranking
from knowledge.indexing import sync
from knowledge.models import Passage, Source
from knowledge.ranking import arms_of, rankings
from knowledge.scope import Scope
from knowledge.search import Query, search_together
from knowledge.sources.base import Document
from tests.fakes import FakeEmbedder

pytestmark = pytest.mark.django_db

WHEELS = ("brake", "chain", "saddle", "pedal", "wheel", "battery", "charger", "display", "light", "lock")
ASKED = (
    "The battery of my bike does not charge and the display stays dark. How do I reset the charger?",
    "How do I reset the charger?",
    "Which lock fits the wheel?",
    "",
    "zzz",
)
SCOPE = Scope(["en"], "customer")


@pytest.fixture
def embedder():
    """A help centre of passages that share words, some of them equal in all but their number."""
    embedder = FakeEmbedder()
    documents = [
        Document(
            f"{part}-{other}", part.title(), "", "en", "public", f"Reset the {part}, then charge the {other}. " * n
        )
        for n, part in enumerate(WHEELS, 1)
        for other in WHEELS[:4]
    ]

    class Listed:
        def documents(self):
            yield from documents

    sync(Source.objects.create(name="test", location="/nowhere"), Listed(), embedder)
    return embedder


def queries(embedder, texts=ASKED):
    redacted = [redact(text) for text in texts]
    return [Query(text, vector, 1.0) for text, vector in zip(redacted, embedder.embed(redacted), strict=True)]


def ranked(asked, embedder, arm="hybrid", k=40):
    arms = arms_of(embedder, SCOPE, "en", arm)
    found = rankings([query.text for query in asked], [query.vector for query in asked], arms, k)
    return [list(one.items()) for one in found]  # a dict's equality leaves out its order


@pytest.mark.parametrize("arm", ["bm25", "dense", "hybrid"])
@pytest.mark.parametrize("candidates", [3, 100])  # with three, most that words find is not among the nearest
def test_each_query_is_ranked_to_the_last_bit_as_it_is_alone(embedder, monkeypatch, arm, candidates):
    monkeypatch.setattr(ranking, "CANDIDATES", candidates)
    asked = queries(embedder)
    together = ranked(asked, embedder, arm)
    assert together == [ranked([query], embedder, arm)[0] for query in asked]
    assert len({tuple(one) for one in together[:3]}) == 3 and all(together[:3])
    assert bool(together[3]) is (arm != "bm25")


def test_a_query_has_its_own_words_and_its_own_limit(embedder):
    words = [["charger"], [], ["lock", "wheel"], ["unheard"]]
    found = bm25.search(words, SCOPE, 5)
    assert found == [bm25.search([terms], SCOPE, 5)[0] for terms in words]
    assert [len(one) for one in found] == [4, 0, 5, 0]
    assert all(list(one.values()) == sorted(one.values(), reverse=True) for one in found)


def test_a_vector_is_measured_against_its_own_passages(embedder):
    vectors = [query.vector for query in queries(embedder)[:3]]
    first, second = Passage.objects.order_by("pk").values_list("pk", flat=True)[:2]
    near = dense.search(vectors, embedder.recipe, SCOPE, 100)
    found = dense.scores(vectors, embedder.recipe, [{first}, set(), {first, second}])
    assert found == [{first: near[0][first]}, {}, {pk: near[2][pk] for pk in (first, second)}]


def test_more_questions_are_not_more_queries(embedder, django_assert_num_queries):
    asked = queries(embedder, ASKED[:3])
    options = {"embedder": embedder, "languages": ["en"], "audience": "customer", "asker": "en", "k": 5, "deep": 40}
    for some in (asked[:1], asked):
        with django_assert_num_queries(
            9
        ):  # recipe, share, abbreviations, words and their passages, index, each arm, hits
            assert len(search_together(some, **options)) == 5


def test_a_text_that_is_asked_twice_counts_twice_and_is_searched_for_once(embedder, monkeypatch):
    searched, once = [], bm25.search
    monkeypatch.setattr(bm25, "search", lambda asked, *rest: searched.append(len(asked)) or once(asked, *rest))
    long, short = queries(embedder, ASKED[:2])
    options = {"embedder": embedder, "languages": ["en"], "audience": "customer", "asker": "en", "k": 40, "deep": 40}
    twice = search_together([long, short, short], **options)
    weighed = search_together([long, short._replace(weight=2.0)], **options)
    assert searched == [2, 2]
    assert {hit.passage_id: hit.score for hit in twice} == pytest.approx({hit.passage_id: hit.score for hit in weighed})
