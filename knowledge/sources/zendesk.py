"""Zendesk Help Center (https://developer.zendesk.com/api-reference/help_center/help-center-api/articles/).

Drafts are left out; an article that a user segment restricts is internal. Without credentials, what everyone may read.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.sources.api import MAX_LIST, Api, Odd, Row, article, whole
from knowledge.sources.base import Item


@dataclass(frozen=True, slots=True)
class Zendesk:
    """The published articles of every locale of a help centre."""

    api: Api

    def documents(self) -> Iterator[Item]:
        """Locale by locale."""
        return whole(self._documents(), self.api.base)

    def _documents(self) -> Iterator[Item]:
        for locale in self.api.get("/api/v2/help_center/locales.json")["locales"]:
            sections = {
                row["id"]: str(row["name"])
                for row in self._list(f"/api/v2/help_center/{locale}/sections.json", "sections")
            }
            for row in self._list(f"/api/v2/help_center/{locale}/articles.json", "articles"):
                if not row["draft"] and row["locale"].lower() == str(locale).lower():
                    yield article(
                        row, body=row["body"] or "", locale=row["locale"], section=sections.get(row["section_id"], ""),
                        visibility="public" if row["user_segment_id"] is None else "internal",
                        address=row["html_url"],
                    )  # fmt: skip

    def _list(self, path: str, name: str) -> Iterator[Row]:
        """Cursor pagination: `meta.has_more`, `links.next`."""
        page = self.api.get(path, **{"page[size]": 100})
        for _ in range(MAX_LIST):
            yield from page[name]
            if not (page.get("meta") or {}).get("has_more"):
                return
            page = self.api.get(page["links"]["next"])
        raise Odd("lists more pages than a help centre has")
