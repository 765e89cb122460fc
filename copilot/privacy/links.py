"""Web addresses that open something by themselves: password resets, sign-in links, signed downloads.

Invariant: an address is private only for what it carries (user info, a named secret, a long random value); the
ordinary addresses of a site stay readable, since answers need them.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from copilot.privacy.spans import Span

_ADDRESS = re.compile(
    r"(?<![\w.+-])(?:[a-z][a-z0-9+.-]{1,15}://|(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}(?::\d{1,5})?[/?#])[^\s<>\"]+",
    re.IGNORECASE,
)
# fmt: off
_SECRET_WORDS = frozenset([
    "token", "accesstoken", "refreshtoken", "idtoken", "jwt", "key", "apikey", "secret", "sig", "signature", "hmac",
    "password", "passwd", "pwd", "pass", "auth", "authorization", "credential", "credentials", "session", "sessionid",
    "sid", "otp", "code", "magic", "nonce", "jeton", "cle", "motdepasse",
])
# fmt: on
_JWT = re.compile(r"eyJ[\w-]{8,}\.[\w-]+")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_RUN = re.compile(r"[A-Za-z0-9]{16,}")
_TURN = re.compile(r"(?<=[a-z])[A-Z0-9]|(?<=[A-Z])[0-9]|(?<=[0-9])[A-Za-z]")
_CLOSING = ".,;:!?'’»”*_"


def private_links(text: str) -> Iterator[Span]:
    """Addresses, with or without a scheme, that carry user info or a secret."""
    for match in _ADDRESS.finditer(text):
        address = _without_closing(match[0])
        if _is_private(address):
            yield Span(match.start(), match.start() + len(address), "URL")


def _without_closing(address: str) -> str:
    """`address` without the punctuation of the sentence around it."""
    address = address.rstrip(_CLOSING)
    for opening, closing in ("()", "[]", "{}"):
        if address.endswith(closing) and opening not in address:
            address = address[:-1].rstrip(_CLOSING)
    return address


def _is_private(address: str) -> bool:
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
    except ValueError:  # unbalanced brackets: not an address anybody can open
        return False
    return "@" in parts.netloc or _has_secret_field(parts) or _has_secret_path(parts.path) or bool(_JWT.search(address))


def _has_secret_field(parts: SplitResult) -> bool:
    fields = parse_qsl(parts.query) + parse_qsl(parts.fragment)
    return any(_is_secret_name(name) or _is_random(value) for name, value in fields) or _is_random(parts.fragment)


def _has_secret_path(path: str) -> bool:
    """A random segment, or one with digits right after a segment such as `token`."""
    segments = [unquote(segment) for segment in path.split("/") if segment]
    named = pairwise(segments)
    return any(map(_is_random, segments)) or any(
        _is_secret_name(name) and len(value) >= 6 and any(map(str.isdigit, value)) for name, value in named
    )


def _is_secret_name(name: str) -> bool:
    """`token`, `reset_token`, `X-Amz-Signature`, `accessToken`; not `keyword` or `author`."""
    words = re.split(r"[^a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower())
    return not _SECRET_WORDS.isdisjoint(words)


def _is_random(value: str) -> bool:
    """A UUID, or 16 letters and digits in a row that change case or kind too often for words."""
    return bool(_UUID.search(value)) or any(len(_TURN.findall(run)) * 6 >= len(run) for run in _RUN.findall(value))
