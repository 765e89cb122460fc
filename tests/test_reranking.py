"""Hits ranked again: who moves, who stays, and what happens where no reranker can be used."""

import json
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.urls import reverse

from copilot.privacy import redact
from knowledge.indexing import sync
from knowledge.models import Source
from knowledge.reranking import DEPTH, rerank
from knowledge.search import search
from knowledge.types import Hit
from tests import rerankers
from tests.fakes import FakeEmbedder
from tests.rerankers import WantsWords
from tests.test_retrieval import BIKE, REFUND, Listed, document
from tickets.models import Problem

FIRST = Hit(1, "a", "Title", "", "Heading", "one", "en", "public", 1.0, 0.5, 2.0)


def hits(*texts):
    return [replace(FIRST, passage_id=n, text=text, score=1 - n / 100) for n, text in enumerate(texts)]


def order(found):
    return [hit.passage_id for hit in found]


def test_the_share_decides_how_far_a_hit_moves():
    found = hits("no", "no", "yes")
    assert order(rerank(found, redact("?"), WantsWords("yes", share=1.0))) == [2, 0, 1]
    assert order(rerank(found, redact("?"), WantsWords("yes", share=0.0))) == [0, 1, 2]
    assert order(rerank(found, redact("?"), WantsWords("yes", share=0.006))) == [0, 2, 1]


def test_title_heading_and_text_are_read_and_the_fusion_stays_the_score():
    reranker = WantsWords("yes")
    first, *_ = rerank(hits("no", "yes"), redact("?"), reranker)
    assert reranker.seen == ["Title\nHeading\nno", "Title\nHeading\nyes"]
    assert (first.score, first.rerank) == (0.99, 1.0)


def test_only_the_best_are_read_and_the_others_stay_behind_them():
    found = rerank(hits(*["no"] * DEPTH, "yes", "yes"), redact("?"), WantsWords("yes"))
    assert order(found) == list(range(DEPTH + 2))
    assert found[0].rerank == 0.0 and found[-1].rerank is None


def test_nothing_found_is_nothing_read():
    assert rerank([], redact("?"), WantsWords("yes")) == []


@pytest.fixture
def base(machine):
    others = [document(f"n{n}", f"A charge of {n} pounds is shown on the bill number {n}.") for n in range(6)]
    sync(Source.objects.create(name="kb"), Listed(REFUND, BIKE, *others), machine.embedder())


@pytest.mark.django_db
def test_a_search_looks_deeper_than_it_returns(base):
    asked = {"embedder": FakeEmbedder(), "languages": ["en"], "audience": "customer", "k": 2}
    plain = search(redact("duplicate charge"), **asked)
    again = search(redact("duplicate charge"), **asked, reranker=WantsWords("folds", share=5.0))
    assert "bike" not in [hit.article for hit in plain] and plain[0].rerank is None
    assert again[0].article == "bike" and len(again) == 2 and again[1].words


@pytest.mark.django_db
def test_the_playground_shows_its_column_only_where_there_is_one(base, signed_in, manager, settings, monkeypatch):
    def page():
        return signed_in(manager).get(reverse("playground"), {"q": "duplicate charge"}).content.decode()

    settings.RERANKER = ""
    assert "arm-reranked" not in page() and "No reranker is configured" in page()
    settings.RERANKER = "named"
    monkeypatch.setattr("copilot.engine.reranker", lambda: WantsWords("folds"))
    assert 'id="arm-reranked"' in page() and "read together" in page() and "No reranker" not in page()


@pytest.mark.django_db
def test_one_that_cannot_be_loaded_stops_no_search_and_is_a_problem(base, signed_in, manager, settings, tmp_path):
    settings.RERANKER = str(tmp_path / "nothing")
    browser = signed_in(manager)
    assert browser.get("/api/search/", {"q": "duplicate charge"}).json()["hits"][0]["rerank"] is None
    assert browser.post(reverse("answer"), {"q": "When is a duplicate charge refunded?"}).status_code == 200
    page = browser.get(reverse("playground"), {"q": "duplicate charge"}).content.decode()
    assert "could not be loaded" in page and "arm-hybrid" in page
    assert "nothing" in Problem.objects.get(kind="reranker").text
    settings.RERANKER = ""
    browser.get(reverse("playground"), {"q": "duplicate charge"})
    assert not Problem.objects.filter(kind="reranker").exists()


@pytest.mark.django_db
def test_the_api_and_asking_rank_again(base, signed_in, agent, monkeypatch):
    monkeypatch.setattr("copilot.engine.reranker", lambda: WantsWords("folds", share=5.0))
    browser = signed_in(agent)
    [first] = browser.get("/api/search/", {"q": "duplicate charge", "k": "1"}).json()["hits"]
    assert first["text"].endswith("ten seconds.") and first["rerank"] > 0
    answer = browser.post(
        "/api/ask/", json.dumps({"question": "duplicate charge"}), content_type="application/json",
        headers={"x-csrftoken": browser.get(reverse("ask")).cookies["csrftoken"].value},
    )  # fmt: skip
    assert answer.json()["found"][0]["text"].endswith("ten seconds.")


@pytest.mark.integration
@pytest.mark.django_db(transaction=True)
def test_the_evaluation_measures_it_beside_the_arms(tmp_path, capsys):
    reranker = rerankers.folder(tmp_path / "tiny")
    rows = [{"_id": "a", "title": "", "text": "A duplicate charge is refunded."}, {"_id": "b", "text": "A bike folds."}]
    (tmp_path / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "queries.jsonl").write_text(json.dumps({"_id": "q", "text": "duplicate charge"}) + "\n")
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq\ta\t1\n")
    call_command("evaluate", "retrieval", "--data", str(tmp_path), "--json", "--reranker", str(reranker))
    metrics = json.loads(capsys.readouterr().out)
    assert list(metrics) == ["bm25", "dense", "hybrid", "reranked"] and metrics["reranked"]["recall_at_5"] == 1
