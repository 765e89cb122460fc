"""A website's memory in the database.

Invariant: a page is called unchanged only when its article can still be found as it was when the page was fetched, so
a sync that died between fetching and writing fetches again.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from knowledge.models import ArticleVersion, Source, WebPage
from knowledge.sources.website import Remembered


class PageMemory:
    """What earlier looks at `source` have left; pages fetched after `since` are fresh."""

    def __init__(self, source: Source, since: datetime | None) -> None:
        self._source = source
        self._since = since

    def recall(self, address: str) -> Remembered | None:
        """What is known of the page, if its article stands as it did."""
        findable = ArticleVersion.objects.filter(
            article__source=self._source, article__external_id=OuterRef("external_id"), article__is_deleted=False,
            passages__current=True, fingerprint=OuterRef("fingerprint"),
        )  # fmt: skip
        known = WebPage.objects.filter(Exists(findable), source=self._source, address=address[:2000])
        row = known.first()
        if row is None:
            return None
        is_fresh = self._since is not None and row.fetched_at >= self._since
        return Remembered(row.external_id, row.etag, row.modified, row.links, is_fresh)

    def remember(self, address: str, page: Remembered, fingerprint: str) -> None:
        """Keep what was just learnt."""
        values = {
            "external_id": page.external_id, "fingerprint": fingerprint, "etag": page.etag[:300],
            "modified": page.modified[:60], "links": list(page.links), "fetched_at": timezone.now(),
        }  # fmt: skip
        WebPage.objects.update_or_create(source=self._source, address=address[:2000], defaults=values)
