"""Bytes to JSON and times, with errors that say what is wrong."""

import json
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from tickets.helpdesks.base import Unreadable


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`, its texts such as PostgreSQL can hold; raises Unreadable."""
    try:
        payload = _storable(json.loads(body.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise Unreadable(f"the body is not UTF-8 (byte {error.start})") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"the body is not JSON ({type(error).__name__})") from error
    if not isinstance(payload, dict):
        raise Unreadable(f"the body is a JSON {type(payload).__name__}, not an object")
    return payload


def _storable(value: Any) -> Any:
    """Without NUL characters and halves of surrogate pairs, which JSON can spell and no database can keep."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {name: _storable(item) for name, item in value.items()}
    return value


def moment(text: str) -> datetime:
    """An ISO 8601 time, in UTC, which it is also read as when it names no zone; raises Unreadable."""
    try:
        parsed = parse_datetime(text)
        if parsed is None:
            raise Unreadable("a time is not ISO 8601")
        return (parsed if timezone.is_aware(parsed) else parsed.replace(tzinfo=UTC)).astimezone(UTC)
    except Unreadable:
        raise
    except (ValueError, OverflowError) as error:
        raise Unreadable("a time is out of range") from error
