"""HTTP clients with a gate in front of the network.

Invariant: the gate judges each request by the host that it means (its Host header: a caller may have resolved the name
itself), after redirects too, since each hop is a request. Proxies and credentials of the environment are left aside:
they would send the request elsewhere.
"""

import time
from collections import Counter
from typing import Any

import httpx

from copilot.egress.listed import Listed
from copilot.egress.origins import Origin
from copilot.egress.uses import Use, tell

# Seconds and requests after which a long crawl says what it has used.
TELL_SECONDS = 10.0
TELL_REQUESTS = 50


class NotListed(Exception):
    """A request was not sent: its destination is not on the list."""

    def __init__(self, origin: Origin) -> None:
        super().__init__(f"{origin} is not on the list of destinations")
        self.origin = origin


def client(listed: Listed, **options: Any) -> httpx.Client:
    """An httpx client that reaches what is `listed`, and nothing else. Redirects are not followed unless asked for.

    Its requests raise NotListed for any other address, before a name is resolved. Close it, or use it as a context:
    what it used is told then.
    """
    return httpx.Client(transport=Gate(listed), trust_env=False, **options)


def check(listed: Listed, origin: Origin) -> None:
    """Raise NotListed for what is not `listed`, and tell of it. For who resolves names itself, which asks a server."""
    if not listed.holds(origin):
        tell(Use(listed.purpose, listed.owner, origin, refused=1))
        raise NotListed(origin)


class Gate(httpx.BaseTransport):
    """Lets through what is listed, and counts."""

    def __init__(self, listed: Listed, inner: httpx.BaseTransport | None = None) -> None:
        self._listed = listed
        self._inner = inner or httpx.HTTPTransport(trust_env=False)
        self._sent: Counter[Origin] = Counter()
        self._octets: Counter[Origin] = Counter()
        self._told_at = time.monotonic()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request`. Raises NotListed."""
        origin = meant(request)
        check(self._listed, origin)
        self._sent[origin] += 1
        self._octets[origin] += int(request.headers.get("Content-Length") or 0)
        try:
            return self._inner.handle_request(request)
        finally:
            self._tell_now_and_then()

    def close(self) -> None:
        """Close the connections, and tell of what is untold."""
        self._inner.close()
        self._tell()

    def _tell_now_and_then(self) -> None:
        if self._sent.total() >= TELL_REQUESTS or time.monotonic() - self._told_at > TELL_SECONDS:
            self._tell()

    def _tell(self) -> None:
        sent, octets = self._sent, self._octets
        self._sent, self._octets, self._told_at = Counter(), Counter(), time.monotonic()
        for origin, count in sent.items():
            tell(Use(self._listed.purpose, self._listed.owner, origin, requests=count, octets=octets[origin]))


def meant(request: httpx.Request) -> Origin:
    """Where `request` goes by its own word, whatever address its connection is made to."""
    host = request.headers.get("Host") or request.url.netloc.decode("ascii")
    return Origin.of(f"{request.url.scheme}://{host}/")
