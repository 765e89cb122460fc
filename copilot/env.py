"""Loud parsers for environment variables: a value that cannot be read stops the start, by name."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit


class BadSetting(ValueError):
    """A setting that is present but unreadable."""


def text(name: str, default: str = "") -> str:
    """`NAME`, or the content of the file that `NAME_FILE` names (for container secrets), or the default."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadSetting(f"{name}_FILE={path!r} cannot be read: {error.strerror}") from error
    return os.environ.get(name, default)


def boolean(name: str, *, default: bool) -> bool:
    """`1/true/yes/on` or `0/false/no/off`; anything else raises BadSetting."""
    raw = text(name).strip().lower()
    if not raw:
        return default
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off"}:
        return False
    raise BadSetting(f"{name}={raw!r} is neither true nor false")


def number(name: str, default: float, *, least: float = 0.0) -> float:
    """A number of at least `least`; anything else raises BadSetting."""
    raw = text(name).strip()
    if not raw:
        return default
    try:
        value = float(raw)
    except ValueError as error:
        raise BadSetting(f"{name}={raw!r} is not a number") from error
    if value < least:
        raise BadSetting(f"{name}={raw} is below {least:g}")
    return value


def clock(name: str, default: str) -> str:
    """A time of the day (`03:00`), a number of seconds (`3600`) or `never`; anything else raises BadSetting."""
    raw = text(name).strip().lower() or default
    if raw == "never" or re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d|[1-9]\d*(\.\d+)?", raw):
        return raw
    raise BadSetting(f"{name}={raw!r} is neither a time of the day, such as 03:00, nor a number of seconds, nor never")


def choice(name: str, choices: Sequence[str]) -> str:
    """One of `choices`, the first unless said; anything else raises BadSetting."""
    raw = text(name).strip().lower() or choices[0]
    if raw not in choices:
        raise BadSetting(f"{name}={raw!r} is none of {', '.join(choices)}")
    return raw


def address(name: str) -> str:
    """An https address without a trailing slash, or nothing; http on this machine only. Raises BadSetting."""
    raw = text(name).strip().rstrip("/")
    parts = urlsplit(raw)
    if raw and not (parts.scheme == "https" and parts.hostname) and parts.hostname not in {"127.0.0.1", "localhost"}:
        raise BadSetting(f"{name}={raw!r} is no https address")
    return raw


def pairs(name: str, choices: Sequence[str] = ()) -> dict[str, str]:
    """`left=right` words, the right ones of `choices` where there are some. Raises BadSetting."""
    found = {}
    for word in words(name):
        left, equals, right = (part.strip() for part in word.rpartition("="))
        if not left or not equals or not right or (choices and right not in choices):
            wanted = f"NAME=VALUE, the value one of {', '.join(choices)}" if choices else "NAME=VALUE"
            raise BadSetting(f"{name}: {word!r} is not {wanted}")
        found[left] = right
    return found


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list, blanks dropped."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]
