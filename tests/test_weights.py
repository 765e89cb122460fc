"""The arms' shares are learnt from questions with known answers, and kept only when they are better."""

import numpy as np
import pytest

from copilot.privacy import kept
from knowledge import weights
from knowledge.indexing import sync
from knowledge.models import Article, FusionWeight, Source
from knowledge.ranking import arms_of
from knowledge.scope import Scope
from knowledge.weights import Known, Ranked, choose, learn, ndcg
from tests.fakes import FakeEmbedder
from tests.test_retrieval import REFUND, Listed, document, found
from tickets.learning import known
from tickets.models import Asked, Draft


def ranked(good_arm, *, n=6, gold=3):
    """A question that one arm answers at once, and the other last."""
    good, bad = np.linspace(1, 0.2, n), np.linspace(0.2, 1, n)
    good[0], good[gold] = good[gold], 1.0
    bad[gold] = 0.0
    articles = np.arange(n)
    dense, bm25 = (good, bad) if good_arm == "dense" else (bad, good)
    return Ranked(dense, bm25, articles, articles == gold, 1)


def test_the_better_arm_gets_the_larger_share():
    assert choose([ranked("dense")] * 30, 0.5) > 0.8
    assert choose([ranked("bm25")] * 30, 0.5) < 0.2


def test_few_questions_move_it_little():
    few = choose([ranked("bm25")], 0.8)
    many = choose([ranked("bm25")] * 30, 0.8)
    assert many < few <= 0.8


def test_ndcg_is_that_of_articles():
    row = ranked("dense")
    assert ndcg(row, 1.0) == 1.0 and ndcg(row, 0.0) == pytest.approx(1 / np.log2(7))
    twice = Ranked(np.array([1, 0.9, 0.8]), np.zeros(3), np.array([7, 7, 8]), np.array([False, False, True]), 1)
    assert ndcg(twice, 1.0) == pytest.approx(1 / np.log2(3))


@pytest.fixture
def base(db):
    """Articles that only their words tell apart for the fake embedder's questions, and questions about them."""
    many = [
        document(f"a{n}", f"Part number XK{n}00 costs {n} pounds and fits all bikes.", title="Parts") for n in range(30)
    ]
    sync(Source.objects.create(name="kb"), Listed(REFUND, *many), FakeEmbedder())
    keys = dict(Article.objects.values_list("external_id", "pk"))
    return [Known(kept(f"price of part XK{n}00"), "en", frozenset([keys[f"a{n}"]])) for n in range(30)]


def test_a_share_is_kept_when_it_is_better_on_questions_it_was_not_chosen_by(base, monkeypatch):
    monkeypatch.setattr(weights, "_ranked", lambda *arguments: ranked("bm25"))
    share = learn(base, ["en"], FakeEmbedder(), 0.8)
    assert share is not None and share.after > share.before and share.weight < 0.3
    embedder = FakeEmbedder()
    assert arms_of(embedder, Scope(["en"], "customer"), "en", "hybrid").weight == share.weight
    assert arms_of(embedder, Scope(["fr"], "customer"), "fr", "hybrid").weight == embedder.calibration.dense_weight_fr


def test_a_share_that_is_no_better_is_not_kept_and_an_old_one_goes(base, monkeypatch):
    FusionWeight.objects.create(recipe=FakeEmbedder().recipe, kind="en", weight=0.1, questions=20, before=0, after=1)
    monkeypatch.setattr(weights, "_ranked", lambda *arguments: ranked("dense"))
    assert learn(base, ["en"], FakeEmbedder(), 0.9) is None and not FusionWeight.objects.exists()


def test_too_few_questions_teach_nothing(base):
    assert learn(base[: weights.LEAST - 1], ["en"], FakeEmbedder(), 0.8) is None


def test_real_rankings_are_learnt_from_and_searches_go_on(base):
    learn(base, ["en"], FakeEmbedder(), 0.8)
    assert found("price of part XK700")[0] == "a7"


def test_what_was_sent_and_what_was_useful_are_known(draft, agent, passage, signed_in):
    assert list(known("en")) == []
    Draft.objects.filter(pk=draft.pk).update(state=Draft.State.ACCEPTED)
    Asked.objects.create(
        user=agent, question="Who pays?", language="en", answered=True, feedback="useful", passages=[passage.pk]
    )
    article = frozenset([passage.version.article_id])
    assert [row.articles for row in known("en")] == [article, article]
    assert all("4242" not in row.text.text for row in known("en"))
    assert list(known("fr")) == []
