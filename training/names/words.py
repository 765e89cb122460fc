"""The lexicon: everyday words from real text, names and places from `faker`.

Invariant: a name is an everyday word only where real text writes it with a small letter.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from spellchecker import SpellChecker

from copilot.privacy.lexicon import Known
from copilot.privacy.tokens import fold
from training.names.filling import Filled
from training.names.people import people
from training.names.places import COUNTRIES, ENGLISH_TOWNS, FRENCH_TOWNS, LOCALES
from training.names.postal import faker_of

_WORD = re.compile(r"[^\W\d_]+")
_SEEN, _OFTEN, _IN_ADDRESSES = 4, 60, 25  # times
# How often a word stands in pyspellchecker's dictionaries (counts of film subtitles, without names): to be a word at
# all, to be frequent, and to be a word although it is a name too (rose, pierre).
_SPOKEN = {"en": (120, 20_000, 8_000), "fr": (60, 5_000, 300)}

# As people type: no dictionary has them.
# fmt: off
_TYPED = (
    "jai", "jsuis", "cest", "nai", "dont", "cant", "wont", "didnt", "doesnt", "isnt", "ive", "im", "youre", "thats",
    "whats", "pls", "plz", "thx", "ty", "tks", "asap", "fyi", "btw", "imo", "svp", "stp", "bjr", "bsr", "cdt", "cdlt",
    "pb", "pbs", "rdv", "tjs", "tjrs", "qd", "qq", "mdp", "pwd", "pw", "pc", "mac", "wifi", "app", "apps", "web",
    "url", "login", "logout", "signup", "setup", "async", "config", "admin", "admins", "email", "emails", "mail",
    "mails", "plugin", "plugins", "backend", "frontend", "signin", "dashboard", "ok", "okay", "hi", "hey", "guys",
    "folks", "bot", "bots", "api", "apis", "sdk", "ios", "android", "windows", "linux", "excel", "pdf", "csv", "json",
    "html", "wordpress", "shopify",
)
# fmt: on


def lexicon(real: Iterable[str], made: Iterable[Filled], *, keep: Callable[[str], bool]) -> dict[str, int]:
    """Flags of words; names that `keep` refuses are left out."""
    found: dict[str, int] = {}
    names: set[str] = set()
    for flag, some in ((Known.FIRST, people().first), (Known.LAST, people().last)):
        for name in people().words(some):
            words = _WORD.findall(fold(name)) if len(name) > 1 else []
            names.update(words)  # those left out too: they are no everyday words either
            if keep(name):
                found |= {word: found.get(word, 0) | flag for word in words}
    for place in _places():
        for word in _WORD.findall(fold(place)):
            if len(word) > 3:
                found[word] = found.get(word, 0) | Known.PLACE
    small, capital = _counts(real)
    of_streets = _in_addresses(made)
    for word in {*small, *capital, *of_streets}:
        flags = _how_common(small[word], capital[word], of_streets[word], word in names)
        found[word] = found.get(word, 0) | flags
    for word, flags in _spoken(names):
        found[word] = found.get(word, 0) | flags
    for word in _TYPED:
        found[word] = found.get(word, 0) | Known.COMMON
    return {word: int(flags) for word, flags in found.items() if flags}


def _how_common(small: int, capital: int, of_streets: int, is_name: bool) -> int:
    seen = small if is_name else small + capital
    flags = 0
    if seen >= _SEEN or of_streets >= _IN_ADDRESSES:
        flags |= Known.COMMON
    if seen >= _OFTEN:
        flags |= Known.FREQUENT
    if capital >= _SEEN and capital > 1.5 * small and not is_name:
        flags |= Known.PROPER
    return flags


def _spoken(names: set[str]) -> Iterator[tuple[str, int]]:
    for language, (seen, often, although) in _SPOKEN.items():
        for spoken, count in SpellChecker(language=language).word_frequency.items():
            word = fold(spoken)
            if word.isalpha() and count >= (although if word in names else seen):
                yield word, Known.COMMON | (Known.FREQUENT if count >= often else 0)


def _counts(texts: Iterable[str]) -> tuple[Counter[str], Counter[str]]:
    """How often each word stands with a small letter, and with a capital after another word."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for text in texts:
        for match in _WORD.finditer(text):
            word = match[0]
            if word[0].islower():
                small[fold(word)] += 1
            elif re.search(r"[a-z,] $", text[max(0, match.start() - 2) : match.start()]):
                capital[fold(word)] += 1
    return small, capital


def _in_addresses(made: Iterable[Filled]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text, spans in made:
        for span in spans:
            if span.kind == "ADDRESS":
                counts.update({fold(word) for word in _WORD.findall(text[span.start : span.end])})
    return counts


def _places() -> set[str]:
    found = {*COUNTRIES, *ENGLISH_TOWNS, *FRENCH_TOWNS}
    for locale in (*LOCALES, "fr_FR", "en_US", "en_GB"):
        fake = faker_of(locale)
        fake.seed_instance(7)
        if locale.startswith(("en", "fr")) and locale != "en_US":
            found |= {fake.country() for _ in range(400)}
        elif locale == "en_US":
            found |= {fake.country() for _ in range(1500)} | {fake.state() for _ in range(400)}
        else:
            found |= {fake.city() for _ in range(1500)}
    return found
