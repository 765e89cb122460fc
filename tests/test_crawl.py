"""A website crawled, edited, crawled again: only what changed is read again, and what was cited is known to be old."""

from django.conf import settings

from evaluation import crawling
from tests.fakes import FakeEmbedder


def test_a_site_is_followed_through_edits_removals_and_moves(db):
    rows = crawling.evaluate(settings.BASE_DIR / "samples" / "kb", FakeEmbedder())
    pages = rows["first"]["seen"]
    assert pages > 10 and rows["first"]["changed"] == pages and rows["first"]["errors"] == 0
    assert (rows["unchanged"]["changed"], rows["unchanged"]["not_modified"]) == (0, pages)
    edited = rows["edited"]
    # The moved page counts as one change fewer: its text is the same.
    assert (edited["changed"], edited["moved"], edited["deleted"], edited["seen"]) == (3, 1, 1, pages - 1)
    assert edited["passages_embedded"] < rows["first"]["passages_embedded"] / 3
    assert edited["citation_says_changed"] and not edited["removed_is_found"]
    assert (edited["versions_of_edited"], edited["versions_of_moved"]) == (2, 1)
