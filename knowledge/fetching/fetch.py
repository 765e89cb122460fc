"""One page from the network, bounded in time, size and redirects.

Invariant: a body above the limit, or one of a kind that is not wanted, is never read to its end.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import httpx

from copilot.egress import Listed, NotListed, Origin, check, client
from knowledge.extraction import limits
from knowledge.extraction.types import CannotRead
from knowledge.fetching.addresses import Refused, resolve, split

AGENT = "SouffleurBot/0.1 (knowledge base sync)"
REDIRECTS = 8
SECONDS = 30.0
# A server that asks us to wait longer is taken for one that is down.
LONGEST_WAIT = 30.0
ATTEMPTS = 3
_BUSY = (429, 502, 503, 504)
_MOVED = (301, 302, 303, 307, 308)
# Of these, a redirect to another site gets none.
_SECRET = ("authorization", "api_access_token")


class Unreachable(RuntimeError):
    """The server did not answer, or said that it cannot now: nothing is known about the page."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. `address` is where the redirects ended; `headers` have lower-case names."""

    status: int
    address: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def charset(self) -> str:
        """The encoding that the server names, if any."""
        return self.headers.get("content-type", "").partition("charset=")[2].split(";")[0].strip(" \"'")


@dataclass(slots=True)
class Fetcher:
    """Asks what is `listed`, one thing at a time, `pause` seconds apart; use it as a context."""

    listed: Listed
    allow_private: bool = False
    pause: float = 0.0
    megabytes: float = limits.DOCUMENT_MB
    headers: Mapping[str, str] = field(default_factory=dict)
    sleep: Callable[[float], None] = time.sleep
    _last: float = 0.0
    _client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self._client = client(self.listed, timeout=httpx.Timeout(10.0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._client.close()

    def get(
        self, address: str, headers: Mapping[str, str] | None = None,
        wanted: Callable[[str], bool] = lambda content_type: True,
    ) -> Fetched:  # fmt: skip
        """The page at `address`, redirects followed. One whose type is not `wanted` comes without its body.

        Raises Refused for an address that must not be asked, CannotRead for a page that redirects for ever or is too
        large, Unreachable when the server is down or stays busy.
        """
        return self.request("GET", address, headers, wanted=wanted)

    def request(
        self, method: str, address: str, headers: Mapping[str, str] | None = None, json: object = None,
        wanted: Callable[[str], bool] = lambda content_type: True,
    ) -> Fetched:  # fmt: skip
        """As `get`, with a method and a JSON body."""
        sent = {"User-Agent": AGENT, **self.headers, **(headers or {})}
        start = address
        for _ in range(REDIRECTS + 1):
            answer = self._patiently(method, address, sent, json, wanted)
            if answer.status not in _MOVED or not answer.headers.get("location"):
                return answer
            target = urljoin(address, answer.headers["location"])
            if httpx.URL(target).host != httpx.URL(address).host:
                sent = {name: value for name, value in sent.items() if name.lower() not in _SECRET}
            address = target
        raise CannotRead(f"redirects more than {REDIRECTS} times: {start} leads in a circle")

    def _patiently(
        self, method: str, address: str, headers: Mapping[str, str], json: object, wanted: Callable[[str], bool]
    ) -> Fetched:
        """Asks again, as late as the server wishes, while it says that it is busy."""
        for attempt in range(ATTEMPTS):
            answer = self._once(method, address, headers, json, wanted)
            if answer.status not in _BUSY:
                return answer
            wait = _retry_after(answer.headers.get("retry-after", ""), 2.0**attempt)
            if attempt == ATTEMPTS - 1 or wait > LONGEST_WAIT:
                raise Unreachable(f"answers {answer.status}, too busy or down")
            self.sleep(wait)
        raise AssertionError("unreachable")

    def _once(
        self, method: str, address: str, headers: Mapping[str, str], json: object, wanted: Callable[[str], bool]
    ) -> Fetched:
        split(address)  # raises Refused for what is no address at all
        try:
            check(self.listed, Origin.of(address))
        except NotListed as error:
            raise Refused(str(error)) from error
        target = resolve(address, allow_private=self.allow_private)
        self._keep_pace()
        started = time.monotonic()
        request = self._client.build_request(
            method, target.connect, headers={**headers, "Host": target.host}, json=json,
            extensions={"sni_hostname": target.name},
        )  # fmt: skip
        try:
            answer = self._client.send(request, stream=True)
            try:
                names = {name.lower(): value for name, value in answer.headers.items()}
                is_page = answer.status_code == 200 and wanted(names.get("content-type", ""))
                body = self._body(answer, started) if is_page else b""
                return Fetched(answer.status_code, address, names, body)
            finally:
                answer.close()
        except httpx.HTTPError as error:
            raise Unreachable(f"does not answer ({type(error).__name__})") from error

    def _body(self, answer: httpx.Response, started: float) -> bytes:
        """Counted as it is unpacked: a small answer may hold a large page."""
        if int(answer.headers.get("content-length") or 0) > self.megabytes * limits.MEGABYTE:
            raise limits.too_large(self.megabytes)
        body = bytearray()
        for piece in answer.iter_bytes(64 * 1024):
            body += piece
            if len(body) > self.megabytes * limits.MEGABYTE:
                raise limits.too_large(self.megabytes)
            if time.monotonic() - started > SECONDS:
                raise Unreachable(f"takes more than {SECONDS:g} seconds")
        return bytes(body)

    def _keep_pace(self) -> None:
        wait = self._last + self.pause - time.monotonic()
        if wait > 0:
            self.sleep(wait)
        self._last = time.monotonic()


def _retry_after(value: str, default: float) -> float:
    """Seconds, from a number or a date (RFC 9110, 10.2.3)."""
    if value.isdecimal():
        return float(value)
    with suppress(ValueError, TypeError):
        return max(parsedate_to_datetime(value).timestamp() - time.time(), 0.0)
    return default


__all__ = ["AGENT", "Fetched", "Fetcher", "Refused", "Unreachable"]
