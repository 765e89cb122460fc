"""A website: the pages below an address, found by its sitemap and by following links.

Invariant: a page that is not below the prefix, or that robots.txt forbids, is never fetched; a page that fails for now
keeps its last good version, and when the site stops answering nothing is concluded about what it deleted.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from copilot.language.detect import detect
from copilot.language.words import LANGUAGES
from knowledge.extraction import html
from knowledge.extraction.formats import extract, suffix_of
from knowledge.extraction.types import CannotRead, Extracted
from knowledge.fetching import sitemap
from knowledge.fetching.addresses import split
from knowledge.fetching.fetch import Fetched, Fetcher, Refused, Unreachable
from knowledge.fetching.robots import Robots
from knowledge.sources.base import Document, Incomplete, Item, SourceMissing, Unchanged, Unreadable

MAX_PAGES = 5_000
# So many pages in a row without an answer, and the site is down.
DOWN = 5
_NO_PAGE = re.compile(
    r"\.(?:png|jpe?g|gif|svg|webp|ico|css|js|mjs|json|xml|rss|atom|zip|gz|tar|mp[34]|webm|woff2?|ttf|exe|dmg)$"
)
_TRACKING = re.compile(r"^(?:utm_\w+|gclid|fbclid|mc_[ce]id|_ga)$")


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is known of a page from an earlier look: its article, what tells whether it changed, and where it led.

    `is_fresh`: it was fetched in this very sync, before that was interrupted.
    """

    external_id: str
    etag: str
    modified: str
    links: Sequence[str]
    is_fresh: bool = False


class Memory(Protocol):
    """What earlier looks have left."""

    def recall(self, address: str) -> Remembered | None:
        """What is known of a page whose article can still be found as it was then; else None."""
        ...

    def remember(self, address: str, page: Remembered, fingerprint: str) -> None:
        """Keep what was just learnt; `fingerprint` is the document's."""
        ...


class Forgetful:
    """A memory that keeps nothing: every page is fetched whole."""

    def recall(self, address: str) -> Remembered | None:
        """Nothing."""
        return None

    def remember(self, address: str, page: Remembered, fingerprint: str) -> None:
        """Do nothing."""


@dataclass(slots=True)
class Website:
    """The pages at `start` (a page, or a sitemap) and below `prefix`, which is the folder of `start` unless given."""

    start: str
    fetcher: Fetcher
    memory: Memory = field(default_factory=Forgetful)
    prefix: str = ""
    language: str = ""
    max_pages: int = MAX_PAGES
    _seen: set[str] = field(default_factory=set)
    _given: set[str] = field(default_factory=set)
    _silent: int = 0

    def documents(self) -> Iterator[Item]:
        """Every page. Raises SourceMissing when the site cannot be entered at all."""
        robots = Robots(self.fetcher)
        try:
            waiting = deque(self._entrances(robots))
        except (Refused, Unreachable, CannotRead) as error:
            raise SourceMissing(f"{self.start}: {error}") from error
        entered = False
        while waiting:
            if len(self._seen) > self.max_pages:
                yield Incomplete(f"stopped after {self.max_pages:,} pages: narrow the address, or raise the limit")
                return
            address = waiting.popleft()
            if not robots.allow(address):
                if not entered and not waiting:
                    raise SourceMissing(f"{self.start}: its robots.txt does not allow it to be read")
                continue
            items, links = self._visit(address)
            entered = entered or any(not isinstance(item, Unreadable) for item in items)
            if not entered and not waiting and not links:
                raise SourceMissing(f"{self.start}: {_reason(items)}")
            yield from items
            if self._silent >= DOWN:
                yield Incomplete(f"the site stopped answering after {len(self._given)} pages")
                return
            waiting += self._ours(links)

    def _entrances(self, robots: Robots) -> list[str]:
        """Where to begin: the start, and what the sitemaps list below the prefix."""
        start = normal(self.start)
        self.prefix = normal(self.prefix) if self.prefix else folder(start)
        self.fetcher.pause = max(self.fetcher.pause, robots.delay(start))
        is_sitemap = urlsplit(start).path.endswith((".xml", ".xml.gz"))
        if is_sitemap:
            return self._ours(sitemap.addresses(self.fetcher, start))
        pages = self._ours([start])
        for named in robots.sitemaps(start):
            try:
                pages += self._ours(sitemap.addresses(self.fetcher, named))
            except (Refused, Unreachable, CannotRead):
                continue  # links lead there too
        return pages

    def _ours(self, links: Iterable[str]) -> list[str]:
        """Those of our pages that were not met before."""
        found = []
        for link in links:
            with suppress(Refused):
                if self._is_new(address := normal(link)):
                    found.append(address)
        return found

    def _is_new(self, address: str) -> bool:
        """Whether the page is one of ours that was not met before; remembers that it was met."""
        if (
            address in self._seen
            or not address.startswith(self.prefix)
            or _NO_PAGE.search(urlsplit(address).path.lower())
        ):
            return False
        self._seen.add(address)
        return True

    def _visit(self, address: str) -> tuple[list[Item], Sequence[str]]:
        """What a page gives, and where it leads; a failing page leads where it led before."""
        known = self.memory.recall(address)
        if known is not None and known.is_fresh:
            return self._once(Unchanged(known.external_id)), known.links
        try:
            answer = self.fetcher.get(address, _conditions(known), wanted=lambda kind: suffix_of(kind) != "")
            self._silent = 0
            if answer.status == 304 and known is not None:
                return self._once(Unchanged(known.external_id)), known.links
            return self._read(address, answer)
        except (CannotRead, Refused) as error:
            return self._failed(address, known, str(error))
        except Unreachable as error:
            self._silent += 1
            return self._failed(address, known, str(error))

    def _failed(self, address: str, known: Remembered | None, reason: str) -> tuple[list[Item], Sequence[str]]:
        name = known.external_id if known else _name(address)
        return self._once(Unreadable(name, reason)), known.links if known else ()

    def _read(self, address: str, answer: Fetched) -> tuple[list[Item], Sequence[str]]:
        if answer.status in (404, 410):
            return [], ()
        if answer.status >= 400:
            raise CannotRead(
                f"answers {answer.status}" + (": it asks for a sign-in" if answer.status in (401, 403) else "")
            )
        place = normal(answer.address)
        if place != address and (not place.startswith(self.prefix) or not self._lands(place)):
            return [], ()  # a page elsewhere, or one that has its own turn
        suffix = suffix_of(answer.headers.get("content-type", ""))
        if not suffix or answer.status != 200:
            return [], ()
        if suffix != ".html":
            return self._once(self._document(place, extract(f"x{suffix}", answer.body))), ()
        found, links = html.page_and_links(answer.body, place, answer.charset)
        document = self._document(place, found)
        if isinstance(document, Document) and document.body.strip():
            kept = Remembered(
                document.external_id, answer.headers.get("etag", ""), answer.headers.get("last-modified", ""), links
            )
            self.memory.remember(address, kept, document.fingerprint)
        return self._once(document), links

    def _lands(self, place: str) -> bool:
        """Whether the page that a redirect ends at has not been met; it is met now."""
        is_new = place not in self._seen
        self._seen.add(place)
        return is_new

    def _document(self, place: str, found: Extracted) -> Document:
        canonical = normal(found.address) if found.address else place
        address = canonical if canonical.startswith(self.prefix) else place
        language = found.language or self.language
        return Document(
            external_id=_name(address), title=found.title or _title(address), section="",
            language=language if language in LANGUAGES else str(detect(found.body)),
            visibility="public", body=found.body, address=address,
        )  # fmt: skip

    def _once(self, item: Document | Unchanged | Unreadable) -> list[Item]:
        """The item, unless its article was given under another address."""
        if item.external_id in self._given:
            return []
        self._given.add(item.external_id)
        return [item]


def normal(address: str) -> str:
    """One spelling for one page: no fragment, no tracking, no default port. Raises Refused when it is no address."""
    parts = split(address.strip())
    port = "" if parts.port in (None, 80 if parts.scheme == "http" else 443) else f":{parts.port}"
    query = urlencode([pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(pair[0])])
    return urlunsplit((parts.scheme, f"{(parts.hostname or '').lower()}{port}", parts.path or "/", query, ""))


def folder(address: str) -> str:
    """The folder that a page stands in: what is below it is its site."""
    return address.partition("?")[0].rpartition("/")[0] + "/"


def _name(address: str) -> str:
    """An article's stable name: its address without the host's, which may change."""
    parts = urlsplit(address)
    return (parts.path + (f"?{parts.query}" if parts.query else ""))[:500]


def _title(address: str) -> str:
    last = urlsplit(address).path.rstrip("/").rpartition("/")[2].partition(".")[0]
    return last.replace("-", " ").replace("_", " ").capitalize() or urlsplit(address).netloc


def _conditions(known: Remembered | None) -> dict[str, str]:
    """Asks for a page only if it changed (RFC 9110, 13.1)."""
    if known is None:
        return {}
    named = {"If-None-Match": known.etag, "If-Modified-Since": "" if known.etag else known.modified}
    return {name: value for name, value in named.items() if value}


def _reason(items: Sequence[Item]) -> str:
    return next((item.reason for item in items if isinstance(item, Unreadable)), "there is no page to read")
