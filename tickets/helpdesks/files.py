"""The files that a payload names.

Invariant: a list that is not what we asked for costs its files, never the message; each that cannot be had says why.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable
from typing import Any

from tickets.helpdesks.base import Attached, text
from tickets.helpdesks.reading import json_object

# More than these are not even named.
MOST_NAMED = 50
_TYPES = ("content-type", "mime-type", "content_type")
_IDS = re.compile(r"[\w-]+/[\w-]+/[\w-]+")


def files(payload: Any, read: Callable[[dict[str, Any]], Attached]) -> tuple[Attached, ...]:
    """One for each object in `payload`, if that is a list of some."""
    named = payload if isinstance(payload, list) else []
    return tuple(read(item) for item in named[:MOST_NAMED] if isinstance(item, dict))


def standard_file(item: dict[str, Any]) -> Attached:
    """`{"name", "content_type", "content"}` with base64, or `"url"` in its place."""
    name, declared = text(item, "name"), text(item, "content_type")
    if "content" not in item:
        return Attached(name, declared, locator=text(item, "url"), problem="" if text(item, "url") else "missing")
    try:
        content = base64.b64decode("".join(str(item["content"]).split()), validate=True)
    except (binascii.Error, ValueError):
        return Attached(name, declared, problem="not-base64")
    return Attached(name, declared, content=content, size=len(content))


def zammad_file(ticket: str, article: str) -> Callable[[dict[str, Any]], Attached]:
    """Reads what Zammad says of a file of this article: its id, name, size, and type among the preferences."""

    def read(item: dict[str, Any]) -> Attached:
        preferences = item.get("preferences")
        types = preferences if isinstance(preferences, dict) else {}
        declared = next((str(value) for key, value in types.items() if key.lower() in _TYPES and value), "")
        size, locator = text(item, "size"), f"{ticket}/{article}/{text(item, 'id')}"
        known = _IDS.fullmatch(locator) is not None
        return Attached(
            text(item, "filename"), declared, size=int(size) if size.isdecimal() and len(size) < 16 else 0,
            locator=locator if known else "", problem="" if known else "missing",
        )  # fmt: skip

    return read


def without_contents(body: bytes) -> bytes:
    """A Standard Webhooks call that was read, without the bytes of its files."""
    payload = json_object(body)
    for item in payload["data"]["message"]["attachments"]:
        if isinstance(item, dict) and item.pop("content", None) is not None:
            item["kept"] = True
    return json.dumps(payload, ensure_ascii=False).encode()
