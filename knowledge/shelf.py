"""What a source's articles were at its last sync, to tell what is new, what moved and what is gone.

Invariant: an article moves only to a name that was free, and from a name that its source no longer has.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from knowledge.models import Article, ArticleVersion, Source
from knowledge.sources.base import Document

if TYPE_CHECKING:
    from knowledge.indexing import SyncReport


class Shelf:
    """The articles of one source that can be found, by name and by fingerprint."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.present: set[str] = set()
        findable = ArticleVersion.objects.filter(
            article__source=source, article__is_deleted=False, passages__current=True
        )
        rows = findable.values_list("article__external_id", "fingerprint", "article__address").distinct()
        self._known = {name: (fingerprint, address) for name, fingerprint, address in rows}
        self._by_fingerprint = {fingerprint: name for name, (fingerprint, _) in self._known.items()}
        self._postponed: dict[str, tuple[str, str]] = {}  # a new name: the old one, and the new address

    def is_news(self, document: Document) -> bool:
        """Whether the document must be written. One that is known by another name waits for `settle_moves`."""
        known = self._known.get(document.external_id)
        if known is not None:
            if known[0] == document.fingerprint and known[1] != document.address:
                self._readdress(document.external_id, document.address)
            return known[0] != document.fingerprint
        twin = self._by_fingerprint.get(document.fingerprint)
        if twin is None:
            return True
        self._postponed[document.external_id] = (twin, document.address)
        return False

    def settle_moves(self, report: "SyncReport") -> Iterator[Document]:
        """Rename what moved, now that all names are seen; copies are yielded, to be written as articles."""
        for name, (twin, address) in self._postponed.items():
            if twin not in self.present and not report.incomplete and self._rename(twin, name, address):
                self.present.add(twin)  # its row has the new name now: a second copy finds no twin to take
                report.moved += 1
            else:
                yield self._copy(twin, name, address)

    def absent(self) -> list[Article]:
        """The articles that the source no longer has."""
        gone = Article.objects.filter(source=self._source, is_deleted=False)
        return [article for article in gone if article.external_id not in self.present]

    def count(self) -> int:
        """How many articles of the source can be found."""
        return Article.objects.filter(source=self._source, is_deleted=False).count()

    def _readdress(self, name: str, address: str) -> None:
        Article.objects.filter(source=self._source, external_id=name).update(address=address)

    def _rename(self, old: str, new: str, address: str) -> bool:
        """False when a deleted article of old still has the name."""
        try:
            with transaction.atomic():
                moved = Article.objects.filter(source=self._source, external_id=old)
                return moved.update(external_id=new, address=address) == 1
        except IntegrityError:
            return False

    def _copy(self, twin: str, name: str, address: str) -> Document:
        """The document, from the article that says the same: its own text is long gone from memory."""
        moved = [new for new, (old, _) in self._postponed.items() if old == twin]
        versions = ArticleVersion.objects.filter(
            article__source=self._source, article__external_id__in=[twin, *moved], passages__current=True
        )
        same = next(row for row in versions if row.fingerprint == self._known[twin][0])
        return Document(name, same.title, same.section, same.language, same.visibility, same.body, address)
