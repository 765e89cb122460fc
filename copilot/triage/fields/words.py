"""Products, devices and versions.

Invariant: a product is one of the words that an administrator gave, written as they gave it; nothing else is one.
"""

import re
from collections.abc import Iterator

from copilot.triage.fields.matches import LIKELY, POSSIBLE, SURE, Match, folded, is_called, one_of
from copilot.triage.fields.types import Wanted

_CALLED_VERSION = ("version", "v", "ver", "release", "firmware", "build", "update", "mise à jour", "fassung")
_VERSION = re.compile(
    r"(?<![\w.,/-])(?P<v>v\.?\s?)?(?P<number>\d{1,4}(?:\.\d{1,6}){0,3}(?:[-+][A-Za-z0-9.]{1,20})?)(?![\w,/]|\.\d)",
    re.IGNORECASE,
)


def listed(text: str, wanted: Wanted, language: str) -> Iterator[Match]:
    """The words of the list that stand in the text, accents and capitals aside; a longer name before a shorter."""
    spelt = {" ".join(folded(word).split()): word for word in wanted.words}
    for match in one_of(wanted.words).finditer(folded(text)):
        word = spelt.get(" ".join(match[0].split()), match[0])
        yield Match(word, *match.span(), SURE if len(word) > 3 else LIKELY)


def versions(text: str, wanted: Wanted, language: str) -> Iterator[Match]:
    """2.4.1 by its looks, 2.4 and 12 where they are called a version or begin with v."""
    for match in _VERSION.finditer(text):
        number = match["number"]
        named = bool(match["v"]) or is_called(text, match.start(), wanted.words or _CALLED_VERSION)
        if named:
            yield Match(number, match.start("number"), match.end("number"), SURE if "." in number else LIKELY)
        elif number.count(".") == 2 and not re.fullmatch(r"\d{1,2}\.\d{1,2}\.(?:19|20)?\d\d", number):
            yield Match(number, match.start("number"), match.end("number"), POSSIBLE)
