"""The API: by token or session, JSON always, bad input named, articles added, replaced and removed."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from knowledge import syncing
from knowledge.indexing import sync
from knowledge.models import OwnArticle, Source, SyncRun
from tests.test_retrieval import REFUND, Listed, found
from tickets.api import new_token
from tickets.models import ApiToken

pytestmark = pytest.mark.django_db
ARTICLE = {"title": "Trailer hitch", "body": "# Hitch\n\nThe Thule hitch fits every cargo bike."}


@pytest.fixture
def call(client):
    """Ask as somebody: by their token."""

    def ask(user, method, name, body=None, *arguments, **query):
        headers = {"Authorization": f"Bearer {new_token(user, 'test')}"} if user else {}
        address = reverse(name, args=arguments)
        data = body if isinstance(body, bytes) else json.dumps(body) if body is not None else None
        if method == "GET":
            return client.get(address, query, headers=headers)
        return client.generic(method, address, data or b"", "application/json", headers=headers)

    return ask


def work(machine, monkeypatch):
    monkeypatch.setattr(syncing, "embedder", machine.embedder)
    syncing.work(SyncRun.objects.first().pk)


def test_a_question_is_answered_with_its_citations(call, agent, machine):
    sync(Source.objects.create(name="kb"), Listed(REFUND), machine.embedder())
    answer = call(agent, "POST", "api_ask", {"question": "When is a duplicate charge refunded?"})
    said = answer.json()
    assert said["answered"] and said["sentences"][0]["citations"][0]["quote"] in REFUND.body
    assert said["found"][0]["title"] == "Refunds" and answer.headers["Cache-Control"] == "no-store"
    hits = call(agent, "GET", "api_search", q="duplicate charge", k="1").json()["hits"]
    assert [hit["title"] for hit in hits] == ["Refunds"]


def test_an_article_is_added_replaced_read_and_removed(call, manager, machine, monkeypatch):
    assert call(manager, "PUT", "api_article", ARTICLE, "shop/hitch").status_code == 201
    work(machine, monkeypatch)
    assert found("trailer hitch") == ["shop/hitch"]
    answer = call(
        manager, "PUT", "api_article", {**ARTICLE, "body": "<p>Two fit now.</p>", "format": "html"}, "shop/hitch"
    )
    assert answer.status_code == 202
    work(machine, monkeypatch)
    article = call(manager, "GET", "api_article", None, "shop/hitch").json()
    assert (article["body"], article["language"], article["visibility"]) == ("Two fit now.", "en", "public")
    assert OwnArticle.objects.get().source.articles.get().versions.count() == 2
    assert call(manager, "DELETE", "api_article", None, "shop/hitch").status_code == 202
    work(machine, monkeypatch)
    assert found("trailer hitch") == []
    assert call(manager, "GET", "api_article", None, "shop/hitch").status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (b"{", 400, "not JSON"), ([1], 400, "not a JSON object"), ({"title": "T"}, 422, "body: a text is needed"),
        ({**ARTICLE, "title": 3}, 422, "title: a text"), ({**ARTICLE, "title": "x" * 501}, 422, "longer than 500"),
        ({**ARTICLE, "format": "rtf"}, 422, "format: one of"), ({**ARTICLE, "visibility": "secret"}, 422, "visibility"),
        ({**ARTICLE, "language": "xx"}, 422, "language"),
        ({**ARTICLE, "format": "html", "body": "<p></p>"}, 422, "no text"),
        (b"\xff\xfe\x00", 400, "not JSON"),
    ],
)  # fmt: skip
def test_bad_articles_are_named(call, manager, body, status, error):
    answer = call(manager, "PUT", "api_article", body, "x")
    assert answer.status_code == status and error in answer.json()["error"]
    assert not OwnArticle.objects.exists()


def test_a_huge_body_is_refused(call, manager, settings):
    settings.DOCUMENT_MB = 0.001
    assert call(manager, "PUT", "api_article", {**ARTICLE, "body": "x" * 2000}, "x").status_code == 413


@pytest.mark.parametrize(
    ("name", "query", "error"),
    [("api_search", {}, "words to search for"), ("api_search", {"q": "x", "k": "0"}, "1 to 50"),
     ("api_search", {"q": "x", "language": "de"}, "one of en, fr")],
)  # fmt: skip
def test_bad_searches_are_named(call, agent, name, query, error):
    answer = call(agent, "GET", name, **query)
    assert answer.status_code == 422 and error in answer.json()["error"]


def test_who_may_not_is_told_in_json(call, agent, client):
    assert call(None, "GET", "api_search", q="x").status_code == 401
    assert client.get("/api/search/?q=x", headers={"Authorization": "Bearer guessed"}).status_code == 401
    assert call(agent, "PUT", "api_article", ARTICLE, "x").status_code == 403
    assert call(agent, "DELETE", "api_search").status_code == 405
    agent.is_active = False
    agent.save()
    assert call(agent, "GET", "api_search", q="x").status_code == 401


def test_a_session_changes_nothing_without_its_csrf_token(manager):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(manager)
    answer = browser.put("/api/articles/x/", json.dumps(ARTICLE), "application/json")
    assert answer.status_code == 403 and "CSRF" in answer.json()["error"]


def test_a_token_is_kept_as_a_hash(agent):
    token = new_token(agent, "CI")
    row = ApiToken.objects.get()
    assert token not in row.digest and len(row.digest) == 64


def test_a_token_is_made_on_the_command_line(agent, capsys, client):
    call_command("add_token", agent.username, "--name", "website")
    token = capsys.readouterr().out.strip()
    answer = client.get("/api/search/", {"q": "  "}, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 422 and ApiToken.objects.get().used_at
    with pytest.raises(CommandError, match="no active user"):
        call_command("add_token", "nobody")
