"""Articles that were written here and are published."""

from collections.abc import Iterator

from knowledge.models import OwnArticle, Source
from knowledge.sources.base import Document, Item


class Own:
    """Every published article of a source of kind "own"."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def documents(self) -> Iterator[Item]:
        """In the order of their names."""
        published = OwnArticle.objects.filter(source=self._source, state=OwnArticle.State.PUBLISHED)
        for row in published.order_by("external_id").iterator(chunk_size=100):
            yield Document(row.external_id, row.title, row.section, row.language, row.visibility, row.body, row.address)
