"""The small interface between the desk and any helpdesk.

Invariant: a dialect touches no table. It checks bytes, turns them into an Event or a Moved, and posts.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

import httpx

from copilot.egress import NotListed


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ticket lies in the helpdesk, at a moment by its clock; no `group` when it does not say."""

    group: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a message: its `content`, or where the helpdesk has it (`locator`, which only its dialect can read).

    `declared` is the media type that the helpdesk names. `problem` is a code, of a file that cannot be had.
    """

    name: str
    declared: str = ""
    content: bytes | None = dataclasses.field(default=None, repr=False)
    locator: str = dataclasses.field(default="", repr=False)
    size: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """The one request that gets a file."""

    url: str
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Event:
    """A message that arrived in a ticket, whatever helpdesk it came from."""

    ticket_id: str
    number: str
    subject: str
    requester_name: str
    requester_email: str
    message_id: str
    author: Literal["requester", "agent"]
    author_name: str
    body: str
    is_html: bool
    sent_at: datetime
    place: Place = Place()
    attachments: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """No message, but word of where a ticket lies; `why` says what else the call was."""

    ticket_id: str
    place: Place
    why: str


@dataclass(frozen=True, slots=True)
class Change:
    """Where a ticket shall lie in the helpdesk, of what priority (low, normal, high), with which tags besides its own.

    Empty parts stay as they are. `key` is the same at every attempt.
    """

    key: str
    ticket_id: str
    group: str
    priority: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A reply to post. `key` is the same at every attempt; `again` says that an earlier attempt may have arrived,
    which cannot have been before `accepted_at`.
    """

    key: str
    ticket_id: str
    to: str
    subject: str
    text: str
    again: bool
    accepted_at: datetime


class BadSignature(Exception):
    """The call does not carry a valid signature for this helpdesk."""


class Unreadable(ValueError):
    """The payload was signed but says nothing we can understand; the message says what is wrong."""


class NotForUs(Exception):
    """The payload is in order and needs nothing from us; the message says why."""


class PostFailed(Exception):
    """The helpdesk did not take the reply. `retry` says whether trying again may help."""

    def __init__(self, reason: str, *, retry: bool) -> None:
        super().__init__(reason)
        self.retry = retry


class HelpdeskDialect(Protocol):
    """What each file of this folder implements."""

    def verify(self, secret: str, headers: Mapping[str, str], body: bytes) -> None:
        """Check the signature over the raw bytes, in constant time; raise BadSignature."""
        ...

    def delivery_id(self, headers: Mapping[str, str], body: bytes) -> str:
        """What names this call, the same when the helpdesk repeats it."""
        ...

    def read(self, body: bytes) -> Event | Moved:
        """The event in the payload; raise Unreadable or NotForUs."""
        ...

    def post(self, client: httpx.Client, api_url: str, token: str, reply: Outgoing) -> str:
        """Post the reply, return the helpdesk's id for it; raise PostFailed."""
        ...

    def tell(self, client: httpx.Client, api_url: str, token: str, change: Change) -> datetime | None:
        """Make the change, again if need be; the moment of it by the helpdesk's clock, if it says. Raise PostFailed."""
        ...

    def download(self, api_url: str, token: str, locator: str) -> Download:
        """How to get a file of a message; the desk asks only the host of `api_url`."""
        ...


def field(payload: Any, path: str, kind: type | tuple[type, ...] = (str, int), *, default: Any = None) -> Any:
    """The value at a dotted `path`; raise Unreadable when it is missing (without a default) or of another kind."""
    value = payload
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if value is None:
        if default is not None:
            return default
        raise Unreadable(f"{path} is missing")
    if not isinstance(value, kind) or isinstance(value, bool):
        raise Unreadable(f"{path} is {type(value).__name__}, which we cannot use")
    return value


def text(payload: Any, path: str, default: str = "") -> str:
    """The text, or number as text, at a dotted `path`; the default when it is missing or nothing of the kind."""
    try:
        return str(field(payload, path))
    except Unreadable:
        return default


def call(client: httpx.Client, method: str, url: str, **arguments: Any) -> httpx.Response:
    """One HTTP call; raise PostFailed, apart what may pass (5xx, 408, 425, 429, no answer) and what will not."""
    try:
        response = client.request(method, url, **arguments)
    except NotListed as error:
        raise PostFailed(str(error), retry=False) from error
    except httpx.HTTPError as error:
        raise PostFailed(f"the helpdesk did not answer ({type(error).__name__})", retry=True) from error
    if response.is_success:
        return response
    passing = response.status_code >= 500 or response.status_code in (408, 425, 429)
    raise PostFailed(f"the helpdesk answered {response.status_code}", retry=passing)
