"""Secrets by their form: private keys, tokens of known makers, signed tokens, authorization headers, long random words.

Invariant: nothing here needs a word in front; each expression begins with letters that only its maker uses, or is
random beyond what words, versions, hashes of commits and error codes are.
"""

import re
from bisect import bisect
from collections.abc import Iterator
from typing import Final

from copilot.privacy.context import has_any
from copilot.privacy.credentials import stands_for_a_value
from copilot.privacy.spans import Span

_PEM = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}(?:PRIVATE KEY|PGP MESSAGE)[A-Z ]{0,10}-----")
_PEM_END = re.compile(r"-----END [A-Z0-9 ]{0,60}-----")
_PEM_LINE = re.compile(r"\s*(?:[A-Za-z0-9+/=]{16,}|[A-Za-z-]{1,30}: [^\n]*)")
# One expression for each maker's tokens: what they begin with, and how they go on.
_MAKERS: Final[tuple[tuple[str, str], ...]] = (
    ("eyj", r"eyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*){0,3}"),  # JSON web tokens
    ("kia", r"AKIA[A-Z0-9]{16}"),
    ("sia", r"ASIA[A-Z0-9]{16}"),  # Amazon
    ("gh", r"gh[pousr]_[A-Za-z0-9]{30,}"),
    ("github_pat_", r"github_pat_\w{30,}"),
    ("glpat-", r"glpat-[\w-]{16,}"),
    ("xox", r"xox[abeoprs]-[\w-]{10,}"),
    ("xapp-", r"xapp-[\w-]{10,}"),  # Slack
    ("_live_", r"(?:sk|rk|pk)_live_\w{10,}"),
    ("_test_", r"(?:sk|rk|pk)_test_\w{10,}"),
    ("whsec_", r"whsec_[\w+/=]{16,}"),  # Stripe
    ("aiza", r"AIza[\w-]{30,}"),
    ("ya29.", r"ya29\.[\w-]{20,}"),
    ("gocspx-", r"GOCSPX-[\w-]{20,}"),  # Google
    ("sk-", r"sk-(?:proj-|ant-|or-|live-)?[\w-]{20,}"),  # OpenAI, Anthropic
    ("hf_", r"hf_[A-Za-z]{30,}"),
    ("sg.", r"SG\.[\w-]{16,}\.[\w-]{16,}"),  # SendGrid
    ("npm_", r"npm_[A-Za-z0-9]{30,}"),
    ("pypi-", r"pypi-[\w-]{30,}"),
    ("dop_v1_", r"dop_v1_[0-9a-f]{40,}"),
    ("shp", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{30,}"),
    ("key-", r"key-[0-9a-f]{32}"),  # Mailgun
    ("age-secret", r"AGE-SECRET-KEY-1[A-Z0-9]{50,}"),
    ("eaac", r"EAAC[A-Za-z0-9]{30,}"),  # Facebook
    ("sq0", r"sq0(?:csp|atp)-[\w-]{20,}"),
    ("aa", r"\d{8,10}:AA[\w-]{33}"),  # Telegram
)
_TOKENS: Final = tuple((cue, re.compile(rf"(?<![\w-]){expression}(?![\w-])")) for cue, expression in _MAKERS)
_HEADER = re.compile(
    r"\b(?:authorization|proxy-authorization)[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?:(?:bearer|basic|token|digest|apikey)\s{1,3})?+"
    r"(?P<value>[^\s\"',$<{\[]{6,})|\bbearer\s{1,3}(?P<bare>(?=[^\s\"',]{0,60}\d)[\w.+/=~-]{16,})|\b(?:set-)?cookie\s?:\s?(?P<jar>[^\n]{8,})",
    re.IGNORECASE,
)
# Capitals, small letters and digits in one word, changing too often for words: 24 at least.
_RANDOM = re.compile(
    r"(?<![\w/.@+=-])(?=[a-z0-9+/_-]*[A-Z])(?=[A-Z0-9+/_-]*[a-z])(?=[A-Za-z+/_-]*\d)[A-Za-z0-9+/_-]{24,}={0,2}(?![\w.@-])"
)
_TURN = re.compile(r"(?<=[a-z])[A-Z0-9]|(?<=[A-Z])[0-9]|(?<=[0-9])[A-Za-z]")
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_WORD = re.compile(r"[a-z]{5,}")


def secrets(text: str) -> Iterator[Span]:
    """Keys and tokens that are known by their form alone."""
    lowered = text.lower()
    if "-----begin" in lowered:
        yield from _blocks(text)
    for cue, pattern in _TOKENS:
        if cue in lowered:
            for match in pattern.finditer(text):
                yield Span(*match.span(), "SECRET")
    if has_any(lowered, ("authorization", "bearer", "cookie")):
        for match in _HEADER.finditer(text):
            start, end = match.span(match.lastgroup or 0)
            if not stands_for_a_value(text[start:end]):
                yield Span(start, end, "SECRET")
    for match in _RANDOM.finditer(text):
        if (
            not _UUID.search(match[0])
            and len(_TURN.findall(match[0])) * 5 >= len(match[0])
            and not _WORD.search(match[0])
        ):
            yield Span(*match.span(), "SECRET")


def _blocks(text: str) -> Iterator[Span]:
    """From BEGIN to END; where END was cut off, as far as lines look like a key's."""
    ends, reached = [end.end() for end in _PEM_END.finditer(text)], 0
    for begin in _PEM.finditer(text):
        if begin.start() >= reached:
            place = bisect(ends, begin.end())
            reached = ends[place] if place < len(ends) else _key_lines(text, begin.end())
            yield Span(begin.start(), reached, "SECRET")


def _key_lines(text: str, position: int) -> int:
    while line := _PEM_LINE.match(text, position):
        position = line.end()
    return position
