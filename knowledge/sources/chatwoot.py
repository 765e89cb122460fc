"""Chatwoot's help centre (https://developers.chatwoot.com/api-reference/help-center/list-all-articles-in-a-portal).

Article bodies are Markdown; only published articles are read, and those are public.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from copilot.language.detect import detect
from copilot.language.words import LANGUAGES
from knowledge.sources.api import MAX_LIST, Api, Odd, Row, whole
from knowledge.sources.base import Document, Item


@dataclass(frozen=True, slots=True)
class Chatwoot:
    """The published articles of one portal of an account, in every locale that is named."""

    api: Api
    account: str
    portal: str
    locales: tuple[str, ...] = ("en", "fr")

    def documents(self) -> Iterator[Item]:
        """Locale by locale."""
        return whole(self._documents(), self.api.base)

    def _documents(self) -> Iterator[Item]:
        for locale in self.locales:
            for row in self._list(locale):
                if row["status"] in ("published", 1):
                    yield self._article(row, locale)

    def _list(self, locale: str) -> Iterator[Row]:
        path = f"/api/v1/accounts/{self.account}/portals/{self.portal}/articles"
        seen: set[object] = set()
        for number in range(1, MAX_LIST):
            rows = [row for row in self.api.get(path, locale=locale, page=number)["payload"] if row["id"] not in seen]
            seen |= {row["id"] for row in rows}
            if not rows:
                return
            yield from rows
        raise Odd("lists more pages than a help centre has")

    def _article(self, row: Row, locale: str) -> Document:
        category = row.get("category") or {}
        body, language = str(row["content"] or ""), locale[:2].lower()
        slug = row.get("slug")
        return Document(
            external_id=str(row["id"]), title=str(row["title"]), section=str(category.get("name") or ""),
            language=language if language in LANGUAGES else str(detect(body)), visibility="public", body=body,
            address=f"{self.api.base.rstrip('/')}/hc/{self.portal}/articles/{slug}" if slug else "",
        )  # fmt: skip
