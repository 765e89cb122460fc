"""The people a ticket is known to be about.

Invariant: a name is found however its accents and capitals are written, and only as whole words.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from copilot.language.words import STOP_WORDS
from copilot.privacy.spans import Span

MIN_PART = 3  # letters; shorter parts of a name are found only inside the full name
_WORD = re.compile(r"[^\W\d_]+")
_TITLES = frozenset(["mrs", "miss", "monsieur", "madame", "mme", "mlle", "messieurs", "mesdames", "prof"])
_COMMON = frozenset().union(*STOP_WORDS.values())


def people_in(text: str, people: Sequence[str]) -> Iterator[Span]:
    """Full names of `people` and their parts of at least MIN_PART letters.

    A part that is also an everyday word (Will, Des) is only taken for a name where it has a capital.
    """
    names = _spellings(people)
    if not names:
        return
    folded, positions = _fold(text)
    longest_first = "|".join(sorted(names, key=len, reverse=True))
    for match in re.finditer(rf"(?<![^\W\d_])(?:{longest_first})(?![^\W\d_])", folded):
        start, end = positions[match.start()], positions[match.end()]
        if match[0] not in _COMMON or text[start].isupper():
            yield Span(start, end, "PERSON")


def _spellings(people: Sequence[str]) -> set[str]:
    """Expressions for every folded full name and part."""
    found = set()
    for person in people:
        parts = _WORD.findall(_fold(person)[0])
        found |= {part for part in parts if len(part) >= MIN_PART and part not in _TITLES}
        if sum(map(len, parts)) >= 2:
            found.add(r"[\s.'’-]{1,3}".join(parts))
    return found


def _fold(text: str) -> tuple[str, Sequence[int]]:
    """`text` in lower case without accents, and where each of its characters (and its end) stands in `text`."""
    if text.isascii():
        return text.lower(), range(len(text) + 1)
    folded, positions = [], []
    for position, character in enumerate(text):
        for piece in unicodedata.normalize("NFKD", character.lower()):
            if not unicodedata.combining(piece):
                folded.append(piece)
                positions.append(position)
    return "".join(folded), [*positions, len(text)]
