"""Sources kept in step: moves keep versions, half a look deletes nothing, addresses follow."""

import pytest

from copilot.inference.embedder import Embedder
from knowledge.indexing import sync
from knowledge.models import Article, ArticleVersion, Passage, Source
from knowledge.sources.base import Document, Incomplete, Unchanged, Unreadable
from tests.fakes import FakeEmbedder
from tests.test_retrieval import BIKE, REFUND, Listed, found

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    return Source.objects.create(name="test", location="/nowhere")


class Counting(FakeEmbedder):
    """Counts the texts that it embeds."""

    def __init__(self):
        super().__init__()
        self.embedded = 0

    def embed(self, texts, *arguments, **options):
        self.embedded += len(texts)
        return super().embed(texts, *arguments, **options)


def run(source, *items, embedder: Embedder | None = None, progress=None):
    return sync(source, Listed(*items), embedder or FakeEmbedder(), progress)


def moved(document, name, address=""):
    return Document(
        name, document.title, document.section, document.language, document.visibility, document.body, address
    )


def names(source):
    return sorted(source.articles.filter(is_deleted=False).values_list("external_id", flat=True))


def test_an_article_that_moves_keeps_its_versions_and_is_not_read_again(source):
    run(source, REFUND, BIKE)
    embedder = Counting()
    report = run(source, moved(REFUND, "billing/refund", "https://a.example/refund"), BIKE, embedder=embedder)
    assert (report.moved, report.changed, report.deleted, embedder.embedded) == (1, 0, 0, 0)
    assert names(source) == ["bike", "billing/refund"]
    assert ArticleVersion.objects.count() == 2
    assert Article.objects.get(external_id="billing/refund").address == "https://a.example/refund"
    assert found("when is a duplicate charge refunded")[0] == "billing/refund"


def test_a_copy_is_an_article_of_its_own(source):
    run(source, REFUND)
    report = run(source, REFUND, moved(REFUND, "copy"))
    assert (report.moved, report.changed) == (0, 1)
    assert names(source) == ["copy", "refund"]


def test_of_two_copies_and_no_original_one_is_the_move(source):
    run(source, REFUND)
    report = run(source, moved(REFUND, "one"), moved(REFUND, "two"))
    assert (report.moved, report.changed, report.deleted) == (1, 1, 0)
    assert names(source) == ["one", "two"]


def test_an_article_may_move_back_to_where_another_was_deleted(source):
    run(source, REFUND, BIKE)
    run(source, REFUND)
    report = run(source, moved(REFUND, "bike"))
    assert names(source) == ["bike"] and report.errors == []
    assert found("when is a duplicate charge refunded") == ["bike"]


def test_an_address_alone_makes_no_version(source):
    run(source, REFUND)
    report = run(source, moved(REFUND, "refund", "https://a.example/new"))
    assert report.changed == 0 and Article.objects.get().address == "https://a.example/new"
    assert ArticleVersion.objects.count() == 1


def test_half_a_look_deletes_nothing_and_moves_nothing(source):
    run(source, REFUND, BIKE)
    report = run(source, moved(REFUND, "elsewhere"), Incomplete("the site stopped answering"))
    assert (report.deleted, report.moved, report.incomplete) == (0, 0, "the site stopped answering")
    assert names(source) == ["bike", "elsewhere", "refund"]
    assert run(source, moved(REFUND, "elsewhere")).deleted == 2


def test_what_a_source_says_is_unchanged_or_cannot_be_read_stays(source):
    run(source, REFUND, BIKE)
    report = run(source, Unchanged("refund"), Unreadable("bike", "is broken"))
    assert (report.seen, report.changed, report.deleted) == (2, 0, 0)
    assert report.errors == [("bike", "is broken")]
    assert Passage.objects.filter(current=True).count() == 2


def test_a_sync_that_is_stopped_keeps_what_it_wrote_and_goes_on_from_there(source):
    class Stop(Exception):
        pass

    def stop(report):
        if report.changed:
            raise Stop

    many = [Document(f"d{n}", f"Title {n}", "", "en", "public", f"Body number {n} of many.") for n in range(70)]
    with pytest.raises(Stop):
        run(source, *many, progress=stop)
    assert source.articles.count() == 32
    report = run(source, *many)
    assert (report.seen, report.changed, report.passages) == (70, 38, 38)
