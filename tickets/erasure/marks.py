"""What names a requester, as a pattern, and what is put in its place.

Invariant: a mark is as long as what it hides, so that every place that was kept of a text (a citation, a line of a
summary, a field) still points where it did. What is found does not depend on case, accents, or how a number is spaced.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import phonenumbers

MARK = "█"
# Between the digits of a number, and between its country code and the rest.
_GAP = r"[\s./()-]{0,3}"
_COMBINING = "[\u0300-\u036f]?"


class Pattern:
    """Finds any of `strings`: addresses, numbers and names, as (kind, text)."""

    def __init__(self, strings: Iterable[tuple[str, str]]) -> None:
        self._parts = [part for kind, text in strings if (part := _part(kind, text))]

    def __bool__(self) -> bool:
        return bool(self._parts)

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """For Python."""
        return re.compile("|".join(self._parts) or r"(?!)", re.IGNORECASE)

    @cached_property
    def for_sql(self) -> str:
        """For PostgreSQL's `~*`: finds at least as much, since its idea of case and accents depends on its locale."""
        accented = re.sub(rf"\[[^\]]*\]{re.escape(_COMBINING)}", ".{1,2}", "|".join(self._parts) or "(?!)")
        return re.sub(r"[^\x00-\x7f]", ".", accented)

    @cached_property
    def _bytes(self) -> re.Pattern[bytes]:
        plain = [part for part in self._parts if part.isascii()]
        return re.compile("|".join(plain).encode() or rb"(?!)", re.IGNORECASE)

    def finds(self, value: Any) -> bool:
        """Whether it is anywhere in a text, or in a JSON value."""
        return self.mask(value)[1] > 0

    def mask(self, value: Any) -> tuple[Any, int]:
        """`value` with a mark over all that is found, and how often that was; keys of objects too."""
        if isinstance(value, str):
            return self.regex.subn(lambda found: MARK * len(found[0]), value)
        if isinstance(value, list):
            done = [self.mask(item) for item in value]
            return [item for item, _ in done], sum(count for _, count in done)
        if isinstance(value, dict):
            pairs = [(self.mask(key), self.mask(item)) for key, item in value.items()]
            return {k[0]: v[0] for k, v in pairs}, sum(k[1] + v[1] for k, v in pairs)
        if isinstance(value, bytes | memoryview):
            return self._mask_bytes(bytes(value))
        return value, 0

    def _mask_bytes(self, data: bytes) -> tuple[bytes, int]:
        """A file that is text keeps being one; in any other, letters are replaced where they stand."""
        try:
            text = data.decode()
        except UnicodeDecodeError:
            return self._bytes.subn(lambda found: b"x" * len(found[0]), data)
        masked, count = self.mask(text)
        if not count and "\\u" in text:
            return self._mask_escaped(text)
        return masked.encode(), count

    def _mask_escaped(self, text: str) -> tuple[bytes, int]:
        """JSON may spell any letter as `\\u0040`."""
        try:
            masked, count = self.mask(json.loads(text))
        except (ValueError, RecursionError):
            return text.encode(), 0
        return (json.dumps(masked, ensure_ascii=False).encode(), count) if count else (text.encode(), 0)


def _part(kind: str, text: str) -> str:
    if kind == "EMAIL":
        return rf"(?<![\w.+-]){_letters(text)}(?![\w-]|\.\w)"
    if kind == "PERSON":
        return _name(text.split())
    if kind == "PHONE":
        return _phone(text)
    signs = [re.escape(sign) for sign in text if sign.isalnum()]  # IBANs and cards are written in groups
    return rf"(?<!\w){_GAP.join(signs)}(?!\w)" if len(signs) >= 8 else ""


def _name(words: Sequence[str]) -> str:
    """First and last name in either order; one word alone is too many people's."""
    if len(words) < 2:
        return ""
    spelt = [_letters(word) for word in words]
    turned = [spelt[-1], *spelt[:-1]]
    return rf"(?<!\w)(?:{_joined(spelt)}|{_joined(turned)})(?!\w)"


def _joined(words: Sequence[str]) -> str:
    return r",?\s+".join(words)


def _letters(text: str) -> str:
    """Each letter with or without its accent, composed or not."""
    return "".join(map(_letter, unicodedata.normalize("NFC", text)))


def _letter(sign: str) -> str:
    bare = unicodedata.normalize("NFD", sign)[0]
    return f"[{sign}{bare}]{_COMBINING}" if bare != sign else re.escape(sign)


def _phone(text: str) -> str:
    """With its country code, or as it is dialled at home."""
    for region in ("FR", "US", "GB"):
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            code, digits = _GAP.join(str(number.country_code)), _GAP.join(str(number.national_number))
            abroad, home = rf"(?:\+|00){code}{_GAP}(?:\(?0\)?{_GAP})?", rf"\(?0{_GAP}"
            return rf"(?<!\d)(?:{abroad}|{home})?{digits}(?!\d)"
    signs = [sign for sign in text if sign.isdigit()]
    return rf"(?<!\d){_GAP.join(signs)}(?!\d)" if len(signs) >= 8 else ""
