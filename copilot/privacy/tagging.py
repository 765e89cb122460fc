"""Names of people and postal addresses that nobody told us of, found by a learned tagger.

Invariant: a name found once in a text is masked wherever it stands in it, with its parts, unless a part is an everyday
word: `Rose Page` gives neither every rose nor every page away. Linear in the text, however many names it has.
"""

import re
from collections.abc import Iterator

from copilot.privacy.names import MIN_PART
from copilot.privacy.spans import Span
from copilot.privacy.tagger import Tagger, shipped
from copilot.privacy.tokens import fold

MOST_WORDS = 6
CASELESS, ACRONYM = 6, 4  # letters
_PART = re.compile(r"[^\W\d_]+")
# What a value is called; in a chat without marks it stands right before a name, and is none.
_CALLED = re.compile(
    r"(?:(?:mdp|password|passwd|pwd|pass|pin|otp|ssn|iban|bic|login|user|username|t[eé]l|phone|e?mail|fax|name|nom"
    r"|pr[eé]nom|id)\b[\s:]*)+",
    re.IGNORECASE,
)


def tagged(text: str, tagger: Tagger | None = None) -> Iterator[Span]:
    """PERSON and ADDRESS spans by the weights in models/ (models/README.md says how they were made)."""
    tagger = tagger or shipped()
    found = [
        kept
        for span in tagger.spans(text)
        if (kept := _without_label(text, span)) and _is_plausible(text[kept.start : kept.end], kept.kind, tagger)
    ]
    yield from found
    names = {part for span in found if span.kind == "PERSON" for part in _PART.findall(text[span.start : span.end])}
    telling = {fold(part) for part in names if len(part) >= MIN_PART and not tagger.is_everyday(part)}
    if telling:
        for match in _PART.finditer(text):
            if fold(match[0]) in telling:
                yield Span(*match.span(), "PERSON")


def _without_label(text: str, span: Span) -> Span | None:
    """The span behind the word that says what it is; nothing if nothing is left."""
    called = _CALLED.match(text, span.start, span.end) if span.kind == "PERSON" else None
    if called is None:
        return span
    return Span(called.end(), span.end, span.kind) if called.end() < span.end else None


def _is_plausible(value: str, kind: str, tagger: Tagger) -> bool:
    """Not a whole sentence, which a language that the tagger never learned may look like: a name has few words, and
    so has an address without a number; where letters have no case, a name is short. Nor a lone acronym, such as RMA.
    """
    words = _PART.findall(value)
    if kind == "ADDRESS":
        return any(map(str.isdecimal, value)) or len(words) < MOST_WORDS
    if len(words) == 1 and len(value) <= ACRONYM and value.isupper() and not tagger.is_name(value):
        return False
    caseless = [word for word in words if word.lower() == word.upper()]
    return len(words) <= MOST_WORDS and all(len(word) <= CASELESS for word in caseless)


def may_be_a_person(name: str) -> bool:
    """Whether a word of `name` is a name, or no everyday word: `Customer Support` is nobody's secret."""
    words = _PART.findall(name)
    return any(shipped().is_name(word) or not shipped().is_everyday(word) for word in words)
