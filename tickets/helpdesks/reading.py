"""Bytes to JSON and times, with errors that say what is wrong."""

import json
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from tickets.helpdesks.base import Unreadable


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`; raises Unreadable. NUL characters, which PostgreSQL cannot hold, are dropped."""
    try:
        payload = json.loads(body.decode("utf-8-sig").replace("\\u0000", ""))
    except UnicodeDecodeError as error:
        raise Unreadable(f"the body is not UTF-8 (byte {error.start})") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"the body is not JSON ({type(error).__name__})") from error
    if not isinstance(payload, dict):
        raise Unreadable(f"the body is a JSON {type(payload).__name__}, not an object")
    return payload


def moment(text: str) -> datetime:
    """An ISO 8601 time, UTC when it names no zone; raises Unreadable."""
    try:
        parsed = parse_datetime(text)
    except ValueError as error:
        raise Unreadable("a time is out of range") from error
    if parsed is None:
        raise Unreadable("a time is not ISO 8601")
    return parsed if timezone.is_aware(parsed) else timezone.make_aware(parsed, timezone.get_default_timezone())
