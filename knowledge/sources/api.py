"""What the sources that a helpdesk's API gives have in common.

Invariant: an answer that breaks off half-way ends in Incomplete, so that nothing is taken for deleted.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from copilot.language.detect import detect
from copilot.language.words import LANGUAGES
from knowledge.extraction import html
from knowledge.extraction.types import CannotRead
from knowledge.fetching.fetch import Fetcher, Refused, Unreachable
from knowledge.sources.base import Document, Incomplete, Item, SourceMissing, Unreadable

# Pages of a list; a list without end is cut here.
MAX_LIST = 2_000
Row = Mapping[str, Any]
_SAID = {
    401: "the credentials are not accepted", 403: "the credentials may not read articles",
    404: "there is no such help centre at this address",
}  # fmt: skip


class Odd(RuntimeError):
    """The API answers something that its documentation does not know."""


@dataclass(frozen=True, slots=True)
class Api:
    """A helpdesk's JSON API at `base`."""

    base: str
    fetcher: Fetcher

    def get(self, path: str, **parameters: str | int) -> Any:
        """The JSON at `path`, or at a whole address. Raises Odd, Unreachable, Refused, CannotRead."""
        address = path if path.startswith("http") else f"{self.base.rstrip('/')}/{path.lstrip('/')}"
        return self._json("GET", f"{address}?{urlencode(parameters)}" if parameters else address, None)

    def post(self, path: str, body: object) -> Any:
        """The JSON that comes back."""
        return self._json("POST", f"{self.base.rstrip('/')}/{path.lstrip('/')}", body)

    def _json(self, method: str, address: str, body: object) -> Any:
        answer = self.fetcher.request(method, address, {"Accept": "application/json"}, body)
        if answer.status != 200:
            raise Odd(_SAID.get(answer.status, f"answers {answer.status}"))
        try:
            return json.loads(answer.body)
        except ValueError as error:
            raise Odd("answers something else than JSON: is this the API's address?") from error


def whole(items: Iterator[Item], base: str) -> Iterator[Item]:
    """`items`; what stops them is SourceMissing before the first one and Incomplete after it."""
    begun = False
    try:
        for item in items:
            begun = True
            yield item
    except (Odd, Unreachable, Refused, CannotRead, KeyError, TypeError, AttributeError) as error:
        known = isinstance(error, Odd | Unreachable | Refused | CannotRead)
        reason = str(error) if known else f"answers in a form that is not known ({error})"
        if not begun:
            raise SourceMissing(f"{base}: {reason}") from error
        yield Incomplete(reason)


def article(row: Row, *, body: str, locale: str, visibility: str, section: str, address: str) -> Document | Unreadable:
    """A document from an API's row with `id` and `title`, whose body is HTML."""
    name = f"{row['id']}" + (f"/{locale.lower()}" if locale else "")
    try:
        text = html.markdown(body)
    except CannotRead as error:
        return Unreadable(name, str(error))
    language = locale[:2].lower()
    return Document(
        external_id=name, title=str(row["title"]), section=section,
        language=language if language in LANGUAGES else str(detect(text)), visibility=visibility, body=text,
        address=address,
    )  # fmt: skip
