"""What a site lets robots do (RFC 9309), by Scrapy's parser."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from protego import Protego

from knowledge.extraction.types import CannotRead
from knowledge.fetching.fetch import AGENT, Fetcher, Refused

# A site that asks for more time between two pages than this gets this.
SLOWEST = 10.0


@dataclass(slots=True)
class Robots:
    """The rules of every host that is asked, each read once."""

    fetcher: Fetcher
    _rules: dict[str, Protego] = field(default_factory=dict)

    def allow(self, address: str) -> bool:
        """Whether the page may be fetched."""
        return bool(self.rules(address).can_fetch(address, AGENT))

    def delay(self, address: str) -> float:
        """Seconds between two pages, if the site asks for any."""
        return min(float(self.rules(address).crawl_delay(AGENT) or 0), SLOWEST)

    def sitemaps(self, address: str) -> list[str]:
        """The sitemaps that the host names."""
        return list(self.rules(address).sitemaps)

    def rules(self, address: str) -> Protego:
        """The host's robots.txt; without one, everything is allowed. Raises Unreachable, as RFC 9309 (2.3.1.4) asks."""
        parts = urlsplit(address)
        host = f"{parts.scheme}://{parts.netloc}"
        if host not in self._rules:
            self._rules[host] = Protego.parse(self._text(f"{host}/robots.txt"))
        return self._rules[host]

    def _text(self, address: str) -> str:
        try:
            answer = self.fetcher.get(address)
        except (CannotRead, Refused):
            return ""
        return answer.body.decode("utf-8", "replace")[:500_000] if answer.status == 200 else ""
