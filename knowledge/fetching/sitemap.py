"""Sitemaps (https://www.sitemaps.org/protocol.html): the pages that a site says it has."""

import gzip
import zlib
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from knowledge.extraction import limits
from knowledge.extraction.types import CannotRead
from knowledge.fetching.fetch import Fetcher, Refused, Unreachable

MAX_SITEMAPS = 50
MAX_ADDRESSES = 50_000


def addresses(fetcher: Fetcher, sitemap: str) -> Iterator[str]:
    """The page addresses in `sitemap` and in those that it lists. Raises what `Fetcher.get` does, for the first one."""
    waiting, done, given = [sitemap], set[str](), 0
    while waiting and len(done) < MAX_SITEMAPS:
        current = waiting.pop(0)
        if current in done:
            continue
        done.add(current)
        try:
            pages, more = _read(fetcher, current)
        except (CannotRead, Unreachable, Refused):
            if current == sitemap:
                raise
            continue
        waiting += more
        for page in pages[: MAX_ADDRESSES - given]:
            given += 1
            yield page


def _read(fetcher: Fetcher, address: str) -> tuple[list[str], list[str]]:
    """The pages, and the further sitemaps, that one sitemap lists."""
    answer = fetcher.get(address)
    if answer.status != 200:
        raise CannotRead(f"{address} answers {answer.status}: there is no sitemap")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(_unpacked(answer.body), parser)
    except (etree.XMLSyntaxError, ValueError, OSError, EOFError, zlib.error) as error:
        raise CannotRead(f"{address} is not a sitemap") from error
    found = [str(place.text).strip() for place in root.iter("{*}loc") if place.text]
    is_index = etree.QName(root).localname == "sitemapindex"
    return ([], found) if is_index else (found, [])


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    with gzip.GzipFile(fileobj=BytesIO(body)) as file:
        data = file.read(50 * limits.MEGABYTE + 1)
    if len(data) > 50 * limits.MEGABYTE:
        raise ValueError("unpacks to more than a sitemap may hold")
    return data
