"""Retrieval on the real PostgreSQL: two arms, one ranking, and nothing outside the scope."""

import math

import pytest

from copilot.privacy import redact
from knowledge import bm25
from knowledge.fusion import fuse
from knowledge.indexing import sync
from knowledge.models import Article, Passage, Posting, Source
from knowledge.scope import Scope
from knowledge.search import Query, search, search_together
from knowledge.sources.base import Document, SourceMissing, Unreadable
from tests.fakes import FakeEmbedder

pytestmark = pytest.mark.django_db


class Listed:
    """A source that yields what the test lists."""

    def __init__(self, *documents):
        self.listed = documents

    def documents(self):
        yield from self.listed


def document(name, body, *, title="", language="en", visibility="public"):
    return Document(name, title or name, "", language, visibility, body)


@pytest.fixture
def source():
    return Source.objects.create(name="test", location="/nowhere")


def fill(source, *documents, embedder=None):
    return sync(source, Listed(*documents), embedder or FakeEmbedder())


def found(query, **options):
    options = {"languages": ["en"], "audience": "customer", "k": 5, **options}
    return [hit.article for hit in search(redact(query), embedder=FakeEmbedder(), **options)]


REFUND = document("refund", "A duplicate charge is refunded within ten days.", title="Refunds")
BIKE = document("bike", "The bike weighs sixteen kilos and folds in ten seconds.", title="Weight")
INTERNAL = document("internal", "Offer a voucher after a duplicate charge refunded late.", visibility="internal")
FRENCH = document("fr", "Un paiement en double est remboursé sous dix jours.", title="Remboursement", language="fr")


@pytest.mark.parametrize("arm", ["bm25", "dense", "hybrid"])
def test_each_arm_finds_the_passage_that_answers(source, arm):
    fill(source, REFUND, BIKE, INTERNAL, FRENCH)
    assert found("when is a duplicate charge refunded", arm=arm)[0] == "refund"


@pytest.mark.parametrize("arm", ["bm25", "dense", "hybrid"])
def test_customers_never_see_internal_passages_and_agents_do(source, arm):
    fill(source, REFUND, INTERNAL)
    assert "internal" not in found("voucher duplicate charge refunded late", arm=arm)
    assert "internal" in found("voucher duplicate charge refunded late", arm=arm, audience="agent")


def test_a_search_stays_in_its_languages(source):
    fill(source, REFUND, FRENCH)
    assert found("paiement en double remboursé", languages=["fr"]) == ["fr"]
    assert set(found("paiement double refunded", languages=["fr", "en"])) == {"fr", "refund"}


def test_several_questions_at_once_find_what_each_alone_would_weighted(source):
    fill(source, REFUND, BIKE, INTERNAL, FRENCH)
    embedder, options = FakeEmbedder(), {"languages": ["en"], "audience": "customer"}
    asked = {"When is a duplicate charge refunded?": 1.0, "How heavy is the folding bike?": 0.5}
    queries = [Query(redact(text), embedder.embed([redact(text)])[0], weight) for text, weight in asked.items()]
    expected = {}
    for query in queries:
        for hit in search(query.text, embedder=embedder, k=5, **options):
            expected[hit.article] = expected.get(hit.article, 0) + query.weight * hit.score / 1.5
    together = search_together(queries, embedder=embedder, k=5, deep=5, asker="en", **options)
    assert {hit.article: hit.score for hit in together} == pytest.approx(expected)
    assert set(expected) == {"refund", "bike"}  # the internal one is for no customer
    assert [hit.article for hit in search_together(queries, embedder=embedder, k=1, deep=5, asker="en", **options)] == [
        max(expected, key=expected.get)
    ]


def test_an_empty_knowledge_base_and_an_empty_question_find_nothing(source):
    assert found("anything") == []
    fill(source, REFUND)
    assert found("", arm="bm25") == []


def test_bm25_is_okapis_formula(source):
    fill(source, REFUND, BIKE)
    [passage] = Passage.objects.filter(version__article__external_id="refund")
    mean = sum(Passage.objects.values_list("words", flat=True)) / 2
    frequency = Posting.objects.get(passage=passage, term__stem="charg").frequency
    idf = math.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
    norm = bm25.K1 * (1 - bm25.B + bm25.B * passage.words / mean)
    expected = idf * frequency * (bm25.K1 + 1) / (frequency + norm)
    assert bm25.search([["charg"]], Scope(["en"], "customer"), 10) == [{passage.pk: pytest.approx(expected)}]


def test_fusion_keeps_scores_in_range_and_ranks_by_both():
    fused = fuse({1: 0.8, 2: 0.4}, {2: 10.0, 3: 5.0}, weight=0.5)
    assert fused == {2: 0.75, 1: 0.5, 3: 0.25}
    assert fuse({}, {}, 0.5) == {}


def test_an_unchanged_document_is_not_embedded_again(source):
    fill(source, REFUND, BIKE)
    embedder = FakeEmbedder()
    report = fill(source, REFUND, BIKE, embedder=embedder)
    assert (report.seen, report.changed, embedder.seen) == (2, 0, [])


def test_an_edit_makes_a_new_version_and_keeps_the_old_passages_readable(source):
    fill(source, REFUND)
    old = Passage.objects.get()
    fill(source, document("refund", "Refunds of a duplicate charge take three days.", title="Refunds"))
    old.refresh_from_db()
    assert not old.current and "ten days" in old.text
    assert Article.objects.get().versions.count() == 2
    [hit] = search(redact("duplicate charge"), embedder=FakeEmbedder(), languages=["en"], audience="customer", k=5)
    assert "three days" in hit.text


def test_a_deleted_document_leaves_every_search_and_comes_back_when_it_does(source):
    fill(source, REFUND, BIKE)
    assert fill(source, BIKE).deleted == 1
    assert "refund" not in found("duplicate charge refunded")
    fill(source, REFUND, BIKE)
    assert found("duplicate charge refunded")[0] == "refund"


def test_a_new_embedder_rewrites_no_article(source):
    fill(source, REFUND)
    newer = FakeEmbedder("fake-2")
    assert fill(source, REFUND, embedder=newer).changed == 0 and newer.seen == []
    assert found("duplicate charge refunded") == ["refund"]


def test_a_document_that_cannot_be_read_stops_nothing_and_keeps_its_last_good_version(source):
    fill(source, REFUND, BIKE)
    report = fill(source, Unreadable("refund", "is not UTF-8 (byte 3)"), BIKE, document("empty", "  \n"))
    assert report.errors == [("refund", "is not UTF-8 (byte 3)"), ("empty", "has no text")]
    assert found("duplicate charge refunded")[0] == "refund"


def test_a_source_that_is_missing_deletes_nothing(source):
    class Gone:
        def documents(self):
            raise SourceMissing("gone")
            yield

    fill(source, REFUND)
    with pytest.raises(SourceMissing):
        sync(source, Gone(), FakeEmbedder())
    assert found("duplicate charge refunded") == ["refund"]


@pytest.mark.parametrize(
    ("title", "called"), [("Bikes", "Bikes"), ("", "Our folding bike weighs sixteen kilos and fits under the seat of")]
)
def test_an_article_without_a_title_is_called_by_its_first_words(source, title, called):
    body = "Our folding bike weighs sixteen kilos and fits under the seat of a train.\n\n## Care\n\nOil the chain."
    embedder = FakeEmbedder()
    sync(source, Listed(Document("bike", title, "", "en", "public", body)), embedder)
    assert {called, f"{called}\nCare"} <= set(embedder.seen)
