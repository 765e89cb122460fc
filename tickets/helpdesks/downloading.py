"""A file from the helpdesk's own host, bounded in size and time.

Invariant: no request goes anywhere but to the scheme, host and port of the address that an administrator gave; no
redirect is followed, no answer is unpacked, and what is too large is never read to its end.
"""

import time
from contextlib import suppress

import httpx

from copilot import egress
from copilot.egress import Listed
from tickets.helpdesks.base import Download

SECONDS = 60.0
SILENCE = 10.0
PIECE = 64 * 1024
_PASSING = (408, 425, 429)


class CannotFetch(Exception):
    """Why a file cannot be had, as a code; `retry` says whether trying again may help."""

    def __init__(self, code: str, *, retry: bool = False) -> None:
        super().__init__(code)
        self.retry = retry


def fetch(download: Download, listed: Listed, most: int) -> bytes:
    """The bytes, `most` of them. Raises CannotFetch."""
    started = time.monotonic()
    headers = {**download.headers, "Accept-Encoding": "identity"}
    with egress.client(listed, timeout=SILENCE) as client:
        try:
            with client.stream("GET", download.url, headers=headers) as answer:
                _check(answer, most)
                return _body(answer, most, started)
        except (egress.NotListed, httpx.InvalidURL, ValueError) as error:
            raise CannotFetch("elsewhere") from error
        except httpx.HTTPError as error:
            raise CannotFetch("unreachable", retry=True) from error


def _check(answer: httpx.Response, most: int) -> None:
    status = answer.status_code
    if 300 <= status < 400:
        raise CannotFetch("redirected")
    if status != 200:
        raise CannotFetch("missing" if status < 500 else "unreachable", retry=status >= 500 or status in _PASSING)
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise CannotFetch("packed")
    with suppress(ValueError):
        if int(answer.headers.get("content-length", "")) > most:
            raise CannotFetch("too-large")


def _body(answer: httpx.Response, most: int, started: float) -> bytes:
    body = bytearray()
    for piece in answer.iter_raw(PIECE):
        body += piece
        if len(body) > most:
            raise CannotFetch("too-large")
        if time.monotonic() - started > SECONDS:
            raise CannotFetch("unreachable", retry=True)
    return bytes(body)
