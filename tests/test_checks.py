"""Articles that need a look: never cited, often rejected, or contradicted by another."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from knowledge.contradictions import contradictions
from knowledge.indexing import sync
from knowledge.models import ArticleVersion, Source
from tests.test_retrieval import Listed, document
from tickets import checks
from tickets.models import Citation, Draft, Review

pytestmark = pytest.mark.django_db


@pytest.fixture
def base(machine):
    said = "You can return a bike to our workshop within {} days of its delivery to your door."
    articles = [
        document("returns", said.format(30), title="Return a bike"),
        document("faq", said.format(14), title="Return of a bike"),
        document("copy", said.format(30), title="Return your bike"),
        document("secret", said.format(60), title="For us", visibility="internal"),
        document("weight", "The bike weighs 16 kilos and folds in 10 seconds.", title="Weight"),
    ]  # fmt: skip
    sync(Source.objects.create(name="kb"), Listed(*articles), machine.embedder())


def test_passages_that_say_the_same_with_other_amounts_are_paired(base):
    pairs = {frozenset((pair.one.version.title, pair.other.version.title)) for pair in contradictions()}
    assert frozenset(("Return a bike", "Return of a bike")) in pairs
    assert all("Return of a bike" in pair for pair in pairs)  # the others say 30 days, or are internal
    assert "30" in contradictions()[0].amounts and "14" in contradictions()[0].amounts


def test_an_article_that_is_a_month_old_and_uncited_is_listed(base, passage, draft):
    assert checks.never_cited() == []
    ArticleVersion.objects.update(created_at=timezone.now() - timedelta(days=31))
    titles = [version.title for version in checks.never_cited()]
    assert set(titles) == {"Return a bike", "Return of a bike", "Return your bike", "Weight"}
    assert passage.version.pk not in [version.pk for version in checks.never_cited()] and "For us" not in titles


def test_an_article_that_drafts_were_rejected_for_is_listed(draft, passage, make_ticket, make_draft):
    def reject(one, reason):
        Draft.objects.filter(pk=one.pk).update(state=Draft.State.REJECTED)
        Review.objects.create(draft=one, outcome="rejected", reason=reason)

    reject(draft, "outdated")
    assert checks.often_rejected() == []
    for reason in ("tone", "source"):
        other = make_draft(make_ticket())
        Citation.objects.create(draft=other, passage=passage, sentence=1, number=1, start=0, end=5, score=1)
        reject(other, reason)
    [row] = checks.often_rejected()
    assert (row.version, row.count) == (passage.version, 2)


def test_the_page_shows_them(base, signed_in, manager):
    page = signed_in(manager).get(reverse("checks")).content.decode()
    assert "Return a bike" in page and "14" in page and "No article was rejected twice" in page


def test_an_empty_knowledge_base_has_nothing_to_check(db, signed_in, manager):
    page = signed_in(manager).get(reverse("checks")).content.decode()
    assert "No two articles say the same thing" in page


def test_articles_that_hold_something_private_are_listed_and_left_as_they_are(machine, signed_in, manager):
    said = "Ask for Anna, born on 12 May 1970. The key is AKIAIOSFODNN7EXAMPLE, the test card 4111 1111 1111 1111."
    articles = [document("anna", said, title="For the desk"), document("plain", "Call 06 12 34 56 78 or write to us.")]
    sync(Source.objects.create(name="kb"), Listed(*articles), machine.embedder())
    [version] = checks.revealing()
    assert (version.title, version.reveals) == ("For the desk", {"BIRTHDATE": 1, "SECRET": 1, "CARD": 1})
    assert version.body == said and version.passages.get().text == said
    page = signed_in(manager).get(reverse("checks")).content.decode()
    assert "May hold something private" in page and "date of birth" in page
