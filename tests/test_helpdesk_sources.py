"""Help-centre articles by API, in the public formats: what is published, for whom, and nothing half-read as deleted."""

import json

import pytest

from evaluation.site import served
from knowledge.fetching.fetch import Fetcher
from knowledge.sources.api import Api
from knowledge.sources.base import Document, Incomplete, SourceMissing
from knowledge.sources.chatwoot import Chatwoot
from knowledge.sources.freshdesk import Freshdesk
from knowledge.sources.zammad import Zammad
from knowledge.sources.zendesk import Zendesk
from tests.destinations import EVERYWHERE


def read(make, pages, **more):
    """The items of a source whose API answers `pages`, and the paths that were asked for."""
    with served({}) as site:
        listed = pages(site.address) if callable(pages) else pages
        site.pages |= {
            path: body if isinstance(body, tuple) else (200, {}, json.dumps(body)) for path, body in listed.items()
        }
        fetcher = Fetcher(EVERYWHERE, allow_private=True, sleep=lambda seconds: None)
        return list(make(Api(site.address, fetcher), **more).documents()), site


def zendesk(number, **fields):
    return {
        "id": number, "title": f"Article {number}", "body": "<h2>How</h2><ol><li>Open it.</li></ol><script>x</script>",
        "locale": "en-us", "draft": False, "section_id": 5, "user_segment_id": None, "html_url": f"https://h/{number}",
        **fields,
    }  # fmt: skip


def zendesk_pages(address):
    base = "/api/v2/help_center"
    first = f"{base}/en-us/articles.json?page%5Bsize%5D=100"
    return {
        f"{base}/locales.json": {"locales": ["en-us", "fr"], "default_locale": "en-us"},
        f"{base}/en-us/sections.json?page%5Bsize%5D=100": {"sections": [{"id": 5, "name": "Billing"}], "meta": {}},
        f"{base}/fr/sections.json?page%5Bsize%5D=100": {"sections": [], "meta": {"has_more": False}},
        first: {
            "articles": [zendesk(1), zendesk(2, draft=True), zendesk(3, user_segment_id=77)],
            "meta": {"has_more": True}, "links": {"next": f"{address}/next"},
        },
        "/next": {"articles": [zendesk(4, body=None)], "meta": {"has_more": False}},
        f"{base}/fr/articles.json?page%5Bsize%5D=100": {"articles": [zendesk(1, locale="fr", title="Un")], "meta": {}},
    }  # fmt: skip


def test_zendesk():
    found, _ = read(Zendesk, zendesk_pages)
    assert found[0] == Document(
        "1/en-us", "Article 1", "Billing", "en", "public", "## How\n\n1. Open it.", "https://h/1"
    )
    assert [(item.external_id, item.visibility, item.language) for item in found] == [
        ("1/en-us", "public", "en"), ("3/en-us", "internal", "en"), ("4/en-us", "public", "en"),
        ("1/fr", "public", "fr"),
    ]  # fmt: skip


def test_an_api_that_breaks_off_half_way_allows_no_conclusion():
    found, _ = read(Zendesk, lambda address: {**zendesk_pages(address), "/next": (500, {}, "")})
    assert isinstance(found[-1], Incomplete) and "answers 500" in found[-1].reason


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((401, {}, "{}"), "credentials are not accepted"), ((404, {}, ""), "no such help centre"),
        ((200, {}, "<html>"), "something else than JSON"), ({"unexpected": 1}, "a form that is not known"),
        ((503, {}, ""), "too busy or down"), ([], "a form that is not known"),
    ],
)  # fmt: skip
def test_an_api_that_cannot_be_read_says_why(answer, reason):
    with pytest.raises(SourceMissing, match=reason):
        read(Zendesk, {"/api/v2/help_center/locales.json": answer})


def test_freshdesk():
    base = "/api/v2/solutions"
    page = "page=1&per_page=100"

    def article(number, **fields):
        return {
            "id": number,
            "title": f"T{number}",
            "description": "<p>Some text for a customer.</p>",
            "status": 2,
            **fields,
        }

    def pages(tail, title="T1"):
        return {
            f"{base}/categories{tail}?{page}": [{"id": 1, "name": "General"}],
            f"{base}/categories/1/folders{tail}?{page}": [
                {"id": 10, "name": "FAQ", "visibility": 1}, {"id": 11, "name": "Agents", "visibility": 3},
            ],
            f"{base}/folders/10/articles{tail}?{page}": [article(1, title=title), article(2, status=1)],
            f"{base}/folders/11/articles{tail}?{page}": [article(3)],
        }  # fmt: skip

    found, _ = read(Freshdesk, {**pages(""), **pages("/fr", "Un")}, languages=("fr",))
    assert [(item.external_id, item.section, item.visibility) for item in found] == [
        ("1", "FAQ", "public"), ("3", "Agents", "internal"), ("1/fr", "FAQ", "public"), ("3/fr", "Agents", "internal"),
    ]  # fmt: skip
    assert found[0].address.endswith("/support/solutions/articles/1") and found[2].language == "fr"


def test_chatwoot():
    base = "/api/v1/accounts/3/portals/help/articles"

    def article(number, **fields):
        return {
            "id": number,
            "title": "T",
            "content": "# Hi\n\nText.",
            "status": "published",
            "slug": f"s{number}",
            **fields,
        }

    listed = {
        f"{base}?locale=en&page=1": {"payload": [article(1, category={"name": "FAQ"}), article(2, status="draft")]},
        f"{base}?locale=en&page=2": {"payload": [article(3, content=None)]},
        f"{base}?locale=en&page=3": {"payload": []},
        f"{base}?locale=fr&page=1": {"payload": [article(4)]},
        f"{base}?locale=fr&page=2": {"payload": [article(4)]},  # a server that ignores the page
    }  # fmt: skip
    found, site = read(Chatwoot, listed, account="3", portal="help")
    assert [(item.external_id, item.section, item.language) for item in found] == [
        ("1", "FAQ", "en"), ("3", "", "en"), ("4", "", "fr"),
    ]  # fmt: skip
    assert found[0].address == f"{site.address}/hc/help/articles/s1"


ZAMMAD = {
    "KnowledgeBaseLocale": {"1": {"id": 1, "system_locale_id": 9}, "2": {"id": 2, "system_locale_id": 8}},
    "Locale": {"9": {"id": 9, "locale": "en-us"}, "8": {"id": 8, "locale": "fr-fr"}},
    "KnowledgeBaseCategory": {"4": {"id": 4, "knowledge_base_id": 1}},
    "KnowledgeBaseCategoryTranslation": {
        "1": {"id": 1, "category_id": 4, "kb_locale_id": 1, "title": "Accounts"},
        "2": {"id": 2, "category_id": 4, "kb_locale_id": 2, "title": "Comptes"},
    },
    "KnowledgeBaseAnswer": {
        "10": {"id": 10, "category_id": 4, "published_at": "2024-01-01T00:00:00Z", "archived_at": None},
        "11": {"id": 11, "category_id": 4, "internal_at": "2024-01-01T00:00:00Z"},
        "12": {"id": 12, "category_id": 4, "published_at": "2024-01-01T00:00Z", "archived_at": "2025-01-01T00:00Z"},
        "13": {"id": 13, "category_id": 4, "published_at": "2999-01-01T00:00:00Z"},
    },
    "KnowledgeBaseAnswerTranslation": {
        str(n): {"id": n, "answer_id": answer, "kb_locale_id": locale, "content_id": n + 1000, "title": title}
        for n, answer, locale, title in [
            (100, 10, 1, "Password"), (101, 10, 2, "Mot de passe"), (102, 11, 1, "For us"), (103, 12, 1, "Old"),
            (104, 13, 1, "Soon"),
        ]
    },
}  # fmt: skip


def test_zammad():
    contents = {str(number): {"id": number, "body": f"<p>Text {number}</p>"} for number in (1100, 1101, 1102)}
    answers = iter([ZAMMAD, {"KnowledgeBaseAnswerTranslationContent": contents}])
    init = lambda: (200, {}, json.dumps(next(answers)))  # noqa: E731
    with served({"/api/v1/knowledge_bases/init": init}) as site:
        found = list(Zammad(Api(site.address, Fetcher(EVERYWHERE, allow_private=True))).documents())
    assert [(item.external_id, item.title, item.section, item.language, item.visibility) for item in found] == [
        ("10/en-us", "Password", "Accounts", "en", "public"), ("10/fr-fr", "Mot de passe", "Comptes", "fr", "public"),
        ("11/en-us", "For us", "Accounts", "en", "internal"),
    ]  # fmt: skip
    assert found[0].body == "Text 1100"
    assert found[1].address == f"{site.address}/#knowledge_base/1/locale/fr-fr/answer/10"
    assert site.posted == [{}, {"answer_translation_content_ids": [1100, 1101, 1102]}]
