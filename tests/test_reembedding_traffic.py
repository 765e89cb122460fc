"""A change of embedder on a filled knowledge base under traffic, with real connections that race each other."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from django.db import connection, transaction

from copilot import engine
from copilot.inference.embedder import DIMENSIONS
from copilot.inference.passages import embed_passages
from copilot.privacy import redact
from knowledge import bm25, building, indexing, recipes, takeover, vectors
from knowledge.indexing import sync
from knowledge.models import ArticleVersion, Passage, PassageVector, Recipe, Source
from knowledge.search import search
from knowledge.sources.base import Document
from tests.fakes import FakeEmbedder, Machine
from tickets import reembedding

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]

HALF = DIMENSIONS // 2
ARTICLES = 120
QUESTION = "how is the wheel number 7 repaired"


class OwnSpace(FakeEmbedder):
    """Vectors in a half of the space that is this recipe's: within it texts are alike, across recipes always 0."""

    def __init__(self, recipe, half):
        super().__init__(recipe)
        self.half = half

    def embed(self, texts):
        made = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        here = made[:, :HALF] if self.half == 0 else made[:, HALF:]
        here[:, 1:] = super().embed(texts)[:, 1:HALF]
        here[:, 0] = 1.0
        return made / np.linalg.norm(made, axis=1, keepdims=True)


class Wheels:
    """Articles, of which some say something else in each edition."""

    def __init__(self, edition=0, ending=""):
        self.edition, self.ending = edition, ending

    def documents(self):
        for n in range(ARTICLES):
            edition = self.edition if n % 10 == self.edition % 10 else 0
            text = f"The wheel number {n} is repaired with tool {n % 13}. Edition {edition} of this page.{self.ending}"
            yield Document(f"{n}.md", f"Wheel {n}", "", "en", "public", text)


@pytest.fixture
def machine(monkeypatch):
    # Enough for every vector there is: one of the wrong recipe would come last, and show.
    monkeypatch.setattr("knowledge.ranking.CANDIDATES", 10_000)
    machine = Machine(OwnSpace("old", 0), OwnSpace("new", 1))
    monkeypatch.setattr(engine, "embedder", machine.embedder)
    monkeypatch.setattr(engine, "embedder_of", machine.embedder_of)
    return machine


@pytest.fixture
def source(machine):
    source = Source.objects.create(name="wheels", location="/nowhere")
    sync(source, Wheels(), machine.here["old"])
    return source


def find(embedder, k=20):
    return search(redact(QUESTION), embedder=embedder, languages=["en"], audience="customer", k=k)


def expected(embedder, hit):
    """The cosine that this embedder alone would give; as the database keeps it, in half precision."""
    [passage] = embed_passages(embedder, [hit.title], [hit.text]).astype(np.float16)
    [question] = embedder.embed([redact(QUESTION)]).astype(np.float16)
    return float(question.astype(np.float32) @ passage.astype(np.float32))


class Traffic:
    """Searches, and syncs of changing articles, in threads of their own until it is told to stop."""

    def __init__(self, source, machine, searchers=3):
        self.over = threading.Event()
        self.searches = []
        self.wrong = []
        self.syncs = 0
        self._pool = ThreadPoolExecutor(searchers + 1)
        work = [self._pool.submit(self._looped, self._search) for _ in range(searchers)]
        self._work = [*work, self._pool.submit(self._looped, lambda: self._sync(source, machine))]

    def _looped(self, work):
        try:
            while not self.over.is_set():
                work()
        finally:
            connection.close()

    def _search(self):
        embedder = recipes.serving_embedder()
        hits = find(embedder)
        if len(hits) < 20 or len({hit.article for hit in hits}) < len(hits):
            self.wrong.append(f"{len(hits)} hits of {len({hit.article for hit in hits})} articles by {embedder.recipe}")
        for hit in hits:
            if abs(hit.dense - expected(embedder, hit)) > 0.005:
                self.wrong.append(f"{hit.dense} where {embedder.recipe} gives {expected(embedder, hit)}")
        self.searches.append(embedder.recipe)

    def _sync(self, source, machine):
        self.syncs += 1
        sync(source, Wheels(self.syncs), machine.embedder())

    def await_much(self):
        """Until it has shown enough to be judged, however slow the machine is."""
        deadline = time.monotonic() + 60
        while (self.syncs < 3 or self.searches.count("new") < 10) and time.monotonic() < deadline:
            time.sleep(0.1)

    def stop(self):
        self.over.set()
        for each in self._work:
            each.result()
        self._pool.shutdown()


def change(monkeypatch):
    """What beat and the workers do, in this thread, to the end; yields after each task."""
    waiting = []
    monkeypatch.setattr(reembedding, "wake", lambda task, claim: waiting.append((task, claim)))
    monkeypatch.setattr(building, "PIECE_SECONDS", 0.02)
    monkeypatch.setattr(building, "BATCH", 8)
    reembedding.look_after()
    while waiting:
        task, claim = waiting.pop(0)
        task(claim)
        yield task.name


def test_no_search_fails_and_none_mixes_two_recipes(source, machine, monkeypatch):
    monkeypatch.setattr(takeover, "GRACE", takeover.timedelta(seconds=1.5))
    traffic = Traffic(source, machine)
    try:
        time.sleep(0.5)
        machine.named = "new"
        ran = []
        for name in change(monkeypatch):
            ran.append(name)
            time.sleep(0.05)  # the pieces of a large knowledge base take longer
        time.sleep(1)
        assert set(PassageVector.objects.values_list("recipe__name", flat=True).distinct()) == {"old", "new"}
        time.sleep(1)
        reembedding.look_after()
        time.sleep(0.5)
        traffic.await_much()
    finally:
        traffic.stop()
    assert traffic.wrong == []
    assert len(ran) >= 5 and traffic.syncs >= 3
    assert traffic.searches.count("old") >= 10 and traffic.searches.count("new") >= 10
    assert list(Recipe.objects.values_list("name", "state")) == [("new", "serving")]
    assert not vectors.missing("new").exists() and not PassageVector.objects.exclude(recipe__name="new").exists()


def test_a_mix_of_two_recipes_would_be_seen(source, machine):
    """The test above can fail: a question of one recipe is worth nothing to the other's vectors."""
    Recipe.objects.update(name="new")
    hits = find(machine.here["new"])
    assert all(hit.dense == 0 and expected(machine.here["new"], hit) > 0.3 for hit in hits)


def test_a_switch_between_embedding_and_writing_leaves_no_gap(source, machine, monkeypatch):
    publish, calls = indexing.publish, []

    def after_a_change(*arguments):
        if not calls:
            takeover.aim("new")
            mine = building.claim("new")
            building.embed_some(mine, machine.here["new"])
            assert takeover.switch("new")
        calls.append(arguments)
        publish(*arguments)

    monkeypatch.setattr(indexing, "publish", after_a_change)
    sync(source, Wheels(3), machine.here["old"])
    assert len(calls) == ARTICLES // 10 and recipes.serving() == "new"
    assert not vectors.missing("new").exists()


def test_a_switch_waits_for_the_article_that_is_being_written(source, machine):
    takeover.aim("new")
    building.embed_some(building.claim("new"), machine.here["new"])
    answers = []

    def switch():
        answers.append(takeover.switch("new"))
        connection.close()

    other = threading.Thread(target=switch)
    with transaction.atomic():
        takeover.stay()
        other.start()
        time.sleep(0.4)
        assert answers == []
        version = ArticleVersion.objects.first()
        Passage.objects.create(version=version, position=9, text="New.", language="en", visibility="public")
    other.join()
    assert answers == [False] and recipes.serving() == "old"


def test_an_article_is_removed_while_no_recipe_comes_or_goes(source, machine, monkeypatch):
    class Nothing:
        def documents(self):
            return iter(())

    def remove():
        sync(source, Nothing(), machine.here["old"], may_remove=True)
        connection.close()

    other = threading.Thread(target=remove)
    monkeypatch.setattr(takeover, "adopt", lambda _: None)  # it waits by itself
    with transaction.atomic():
        takeover.alone()
        other.start()
        time.sleep(0.4)
        assert Passage.objects.filter(current=True).count() == ARTICLES
    other.join()
    assert not Passage.objects.filter(current=True).exists()


def test_a_search_sees_one_moment_while_articles_change(source, machine, monkeypatch):
    found_words = bm25.search

    def then_a_sync(*arguments):
        words = found_words(*arguments)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(everything_changes).result()
        return words

    def everything_changes():
        sync(source, Wheels(ending=" Renewed."), machine.here["old"])
        connection.close()

    monkeypatch.setattr(bm25, "search", then_a_sync)
    hits = find(machine.here["old"])
    assert len({hit.article for hit in hits}) == len(hits) == 20 and all(hit.dense > 0 for hit in hits)
    assert not any("Renewed" in hit.text for hit in hits)
