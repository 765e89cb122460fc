"""E-mail addresses, payment cards, IBANs and IP addresses.

Invariant: every detector is linear in the text: each expression is anchored where its kind must begin, and no two of
its parts can match the same character. What a checksum or a parser can confirm is confirmed by one.
"""

import ipaddress
import re
from collections.abc import Iterator

from stdnum import iban, luhn
from stdnum.iso7064 import mod_97_10

from copilot.privacy.context import has_any
from copilot.privacy.spans import Span

# %40 is how a web address writes @.
_AT = re.compile(r"@|%40")
_LOCAL = re.compile(r"[\w.+%'-]")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[^\W\d_][\w-]*")
_GAP = r"[ \u00a0\u202f.-]"
_DIGITS = re.compile(rf"(?<!\d)\d+(?:{_GAP}\d+)*")
_CARD_SHAPES = ((4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3))
_CALLED_CARD = re.compile(r"\b(?:card|carte|cb|cc|visa|mastercard|amex)\b[^\n\d]{0,25}$", re.IGNORECASE)
_CARD_END = re.compile(
    r"\b(?:cards?|carte)\b(?:\s(?:number|no|num|n°|numéro|that|which|qui|se|ends?|ending|in|with|by|is|last|four|4|digits?|finit"
    r"|finissant|termine|terminant|par)\b|[\s:#.=]){1,10}(?<![\d.,])(?P<value>\d{4})(?![\w-]|[.,]\d| \d)",
    re.IGNORECASE,
)
# What issuers begin with, and how long it is (ISO/IEC 7812): else every tenth SIRET or order number would be a card.
_ISSUED = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|(?:5|2[2-7])\d{14,15}|3[47]\d{13}|3[0689]\d{12}|(?:35|6)\d{14,17}|5[06-9]\d{11,17}"
)
_PRINTED = re.compile(r"[2-6]\d{3}([ -])\d{4}\1\d{4}\1\d{4}")
_IBAN = re.compile(
    rf"(?<![^\W_])(?=([A-Z]{{2}}\d{{2}}[A-Z0-9]{{0,30}}(?:{_GAP}[A-Z0-9]{{1,30}}){{0,9}}))", re.IGNORECASE
)
_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\d)")
_NOBODYS = ("127.", "0.0.0.", "255.255.")
_IPV6 = re.compile(r"(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f.]{0,15}(?![\w:])", re.IGNORECASE)
# "jane at example dot com", and what speech and some chats make of an address: "jane 12 gmailcom".
_SPELT = re.compile(
    r"(?<![\w@.])(?:[\w+-]{1,30}\s(?:dot|point)\s)?[\w.+-]{1,40}(?:\s\d{1,5})?\s?(?:\s?[\[({]\s?(?:at|@|arobase)\s?[\])}]\s?|\s(?:at|arobase)\s)[\w-]{2,30}"
    r"(?:\s?[\[({]\s?(?:dot|point)\s?[\])}]\s?|\s(?:dot|point)\s|\.)(?:com|org|net|edu|gov|info|io|co|fr|uk|de|be|ch|ca|eu|us|es|it|in|au)(?![\w-])",
    re.IGNORECASE,
)
_UNSIGNED = re.compile(
    r"(?<![\w@.])(?:[\w.+-]{1,40}(?:\s\d{1,5})?\s)??[\w.+-]{0,40}?(?:gmail|ymail|yahoo|hotmail|outlook|icloud|rediffmail"
    r"|live|aol|protonmail|orange|wanadoo|laposte|free)(?:com|co\s?(?:in|uk)|fr|in|net)(?!\w)",
    re.IGNORECASE,
)
_VERSION = re.compile(r"(?:\bv|version|release|firmware|build)[ .:]*$", re.IGNORECASE)


def emails(text: str) -> Iterator[Span]:
    """Addresses with a dotted domain, found from their @ outwards; letters of any alphabet."""
    floor = 0  # an address never reaches back over the @ of the one before
    for at in _AT.finditer(text):
        start = _local_start(text, at.start(), floor)
        domain = _DOMAIN.match(text, at.end())
        if domain and start < at.start():
            yield Span(start, domain.end(), "EMAIL")
        floor = at.end()
    lowered = text.lower()
    if has_any(lowered, (" at ", "at)", "at]", "arobase")) and has_any(lowered, ("dot", "point", "at]", "at)", "at}")):
        yield from (Span(*match.span(), "EMAIL") for match in _SPELT.finditer(text))
    if has_any(
        lowered,
        ("mail", "yahoo", "outlook", "icloud", "livecom", "aolcom", "orangefr", "wanadoofr", "postenet", "freefr"),
    ):
        yield from (Span(*match.span(), "EMAIL") for match in _UNSIGNED.finditer(text))


def _local_start(text: str, at: int, floor: int) -> int:
    """Where the part before the @ at `at` begins, not before `floor`; quotes and dashes in front are not part of it."""
    start = at
    while start > floor and _LOCAL.match(text, start - 1):
        start -= 1
    while start < at and text[start] in ".'%-":
        start += 1
    return start


def cards(text: str) -> Iterator[Span]:
    """13 to 19 digits, together or in the groups cards are printed in, whose Luhn checksum holds (ISO/IEC 7812-1).

    Digits that the text itself calls a card, and four groups of four that stand alone, need no checksum: a mistyped
    card number still gives a card away. Behind "card ending in" or "card number", four digits are enough.
    """
    for match in _CARD_END.finditer(text) if "ca" in text.lower() else ():
        yield Span(*match.span("value"), "CARD")
    for run in _DIGITS.finditer(text):
        if run.end() - run.start() < 13:
            continue
        called = _CALLED_CARD.search(text, max(0, run.start() - 40), run.start()) is not None
        groups = [match.span() for match in re.finditer(r"\d+", run[0])]
        windows = [(0, len(groups)), *_card_windows([end - start for start, end in groups])]
        for first, last in windows:
            start, end = run.start() + groups[first][0], run.start() + groups[last - 1][1]
            if _is_card(text[start:end], called=called or _PRINTED.fullmatch(run[0]) is not None):
                yield Span(start, end, "CARD")


def _card_windows(lengths: list[int]) -> Iterator[tuple[int, int]]:
    """Stretches of groups that are shaped like a card inside a longer run, as in `4111 1111 1111 1111 12 27`."""
    for first, length in enumerate(lengths):
        if 13 <= length <= 19:
            yield first, first + 1
        for shape in _CARD_SHAPES:
            if tuple(lengths[first : first + len(shape)]) == shape:
                yield first, first + len(shape)


def _is_card(written: str, *, called: bool) -> bool:
    if len(written) > 40:
        return False
    number = "".join(filter(str.isdecimal, written))
    if not 13 <= len(number) <= 19 or not number.isascii():
        return False
    return called or (_ISSUED.fullmatch(number) is not None and bool(luhn.is_valid(number)))


def ibans(text: str) -> Iterator[Span]:
    """IBANs of any country in stdnum's registry, with or without gaps, whose check digits hold (ISO 13616)."""
    for match in _IBAN.finditer(text):
        ends = [group.end() for group in re.finditer(r"[A-Za-z0-9]+", match[1])]
        for end in reversed(ends):
            if _is_iban("".join(filter(str.isalnum, match[1][:end])).upper()):
                yield Span(match.start(), match.start() + end, "IBAN")
                break


def _is_iban(number: str) -> bool:
    if not 15 <= len(number) <= 34:
        return False
    # the check digits alone first: stdnum's look-up of the country's format is fifty times slower
    return mod_97_10.checksum(number[4:] + number[:4]) == 1 and bool(iban.is_valid(number, check_country=False))


def ip_addresses(text: str) -> Iterator[Span]:
    """IPv4 and IPv6 addresses that `ipaddress` accepts; not four-part version numbers that are called so."""
    for match in _IPV4.finditer(text):
        if (
            _is_ip(match[0])
            and not match[0].startswith(_NOBODYS)
            and not _VERSION.search(text, max(0, match.start() - 12), match.start())
        ):
            yield Span(*match.span(), "IP")
    for match in _IPV6.finditer(text):
        address = match[0].rstrip(".")
        # `dead::beef` may be a name in a program; a bare `::1` names nobody
        if len(address) > 6 and any(map(str.isdigit, address)) and _is_ip(address):
            yield Span(match.start(), match.start() + len(address), "IP")


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
