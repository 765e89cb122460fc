"""Freshdesk solutions (https://developers.freshdesk.com/api/#solutions): categories hold folders hold articles.

A folder's visibility 1 is everyone's; any other is internal. An article's status 2 is published.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.sources.api import MAX_LIST, Api, Odd, Row, article, whole
from knowledge.sources.base import Item

_EVERYONE = 1
_PUBLISHED = 2
_PAGE = 100


@dataclass(frozen=True, slots=True)
class Freshdesk:
    """The published articles; `languages` are those of the portal beside its first, such as "fr"."""

    api: Api
    languages: tuple[str, ...] = ()

    def documents(self) -> Iterator[Item]:
        """Category by category, folder by folder."""
        return whole(self._documents(), self.api.base)

    def _documents(self) -> Iterator[Item]:
        for language in ("", *self.languages):
            tail = f"/{language}" if language else ""
            for category in self._list(f"/api/v2/solutions/categories{tail}"):
                for folder in self._list(f"/api/v2/solutions/categories/{category['id']}/folders{tail}"):
                    yield from self._folder(folder, language, tail)

    def _folder(self, folder: Row, language: str, tail: str) -> Iterator[Item]:
        for row in self._list(f"/api/v2/solutions/folders/{folder['id']}/articles{tail}"):
            if row["status"] == _PUBLISHED:
                yield article(
                    row, body=row["description"] or "", locale=language, section=str(folder["name"]),
                    visibility="public" if folder["visibility"] == _EVERYONE else "internal",
                    address=f"{self.api.base.rstrip('/')}/support/solutions/articles/{row['id']}",
                )  # fmt: skip

    def _list(self, path: str) -> Iterator[Row]:
        for number in range(1, MAX_LIST):
            rows = self.api.get(path, page=number, per_page=_PAGE)
            yield from rows
            if len(rows) < _PAGE:
                return
        raise Odd("lists more pages than a help centre has")
