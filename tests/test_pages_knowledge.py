"""Articles: the version that was checked, the quoted words lit, and nothing that runs."""

import pytest
from django.urls import reverse

from knowledge.models import Article, ArticleVersion, Passage
from tests.conftest import PASSAGE, QUOTED, SignedIn
from tickets.models import Draft, User
from tickets.views import marking
from tickets.views.marking import Quote


def lit(body: str, texts: list[str], position: int, words: str) -> str:
    passages = [Passage(position=index, text=text) for index, text in enumerate(texts)]
    start = texts[position].index(words)
    return marking.render(body, passages, Quote(position, start, start + len(words)))


def test_a_citation_opens_the_article_at_the_quoted_words(draft: Draft, agent: User, signed_in: SignedIn):
    citation = draft.citations.get()
    page = reverse("article_version", args=[citation.passage.version.article_id, 1])
    answer = signed_in(agent).get(f"{page}?p=0&from={citation.start}&to={citation.end}").content.decode()
    assert f"<mark>{QUOTED}</mark>" in answer
    assert '<p id="p0" class="lit">You can return a <strong>bike</strong>' in answer


def test_words_are_found_through_markup_and_across_blocks():
    body = "## Steps\n\n1. Open **My account → Orders**.\n2. Press `Return`.\n\n| a | b |\n|---|---|\n| one | two |"
    texts = ["1. Open My account → Orders.\n2. Press Return.", "| a | b\n| one | two"]
    page = lit(body, texts, 0, "Open My account → Orders.\n2. Press Return.")
    assert "<mark>Open </mark><strong><mark>My account → Orders</mark></strong>" in page
    assert "<code><mark>Return</mark></code>" in page
    assert "<mark>two</mark>" in lit(body, texts, 1, "two")
    assert page.index('id="p0"') < page.index('id="p1"')


def test_the_second_of_two_equal_sentences_is_the_one_lit():
    page = lit("Yes.\n\nOne. Yes.", ["Yes.", "One. Yes."], 1, "Yes.")
    assert page.count("<mark>") == 1 and "One. <mark>Yes.</mark>" in page


def test_accents_and_ligatures_do_not_shift_the_light():
    assert "<mark>Été à Zürich.</mark>" in lit(
        "İstanbul, straße. Été à Zürich.", ["İstanbul, straße. Été à Zürich."], 0, "Été à Zürich."
    )


def test_an_article_whose_passages_are_not_found_is_still_readable():
    assert marking.render("Hello", [Passage(position=0, text="something else")], Quote(0, 0, 9)) == "<p>Hello</p>\n"
    assert marking.render("", [], None) == ""


@pytest.mark.parametrize(
    "body",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))",
     "<p style='color:red' onclick=x>a</p>",
     "<iframe src=//x></iframe>", "<svg onload=alert(1)>", "![x](https://tracker.example/x.png)"],
)  # fmt: skip
def test_nothing_in_an_article_runs_or_calls_home(body: str):
    page = marking.render(f"Before\n\n{body}\n\nAfter", [], None).lower()
    for word in ("<script", "onerror", "onload", "onclick", 'href="javascript', "style=", "<iframe", "<img", "<svg"):
        assert word not in page
    assert "before" in page and "after" in page


def test_links_between_files_lead_nowhere_and_others_say_little():
    page = marking.render("[a](care-plans.md) [b](https://x.example/)", [], None)
    assert 'href="care' not in page and '<a href="https://x.example/" rel="noopener nofollow">b</a>' in page


def test_an_old_version_names_the_newer_one(passage: Passage, agent: User, signed_in: SignedIn):
    article = passage.version.article
    ArticleVersion.objects.create(
        article=article,
        number=2,
        title="Returns, again",
        language="en",
        visibility="public",
        body="New",
        fingerprint="2",
    )
    client = signed_in(agent)
    old = client.get(reverse("article_version", args=[article.pk, 1])).content.decode()
    assert "Version 2 is newer" in old
    new = client.get(reverse("article", args=[article.pk]), follow=True).content.decode()
    assert "Returns, again" in new and "is newer" not in new
    assert client.get(reverse("article_version", args=[article.pk, 3])).status_code == 404


def test_the_list_counts_drafts_and_leaves_out_what_its_source_dropped(
    draft, agent, signed_in, django_assert_max_num_queries
):
    article = Article.objects.get()
    client = signed_in(agent)
    with django_assert_max_num_queries(6):
        page = client.get(reverse("knowledge")).content.decode()
    assert "Returns" in page and '<td class="n">1</td>' in page
    Article.objects.filter(pk=article.pk).update(is_deleted=True)
    assert "No articles yet" in client.get(reverse("knowledge")).content.decode()
    version = client.get(reverse("article_version", args=[article.pk, 1])).content.decode()
    assert "no longer in its source" in version and PASSAGE[:20] in version.replace("<strong>", "").replace(
        "</strong>", ""
    )


def test_an_article_tells_its_versions_their_use_and_where_it_stands(draft: Draft, agent: User, signed_in: SignedIn):
    version = draft.citations.get().passage.version
    Article.objects.filter(pk=version.article_id).update(address="https://help.example/returns")
    page = signed_in(agent).get(reverse("article_version", args=[version.article_id, 1])).content.decode()
    assert "1 version" in page and '<td class="n">1</td>' in page
    assert 'href="https://help.example/returns" rel="noopener noreferrer"' in page
