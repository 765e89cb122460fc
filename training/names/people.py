"""Names of people in training: what `faker` knows of many countries, and names nobody has, made of its syllables.

Invariant: a name is shown to the tagger, kept for measuring, or both kept out of the lexicon, by its own digest alone:
the same name has the same fate in every run. HELD_OUT names are in no training text and not in the lexicon.
"""

import hashlib
import importlib
import pkgutil
import random
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from types import ModuleType

import faker.providers.person

# How often each country's names are drawn; all others share the rest.
WEIGHTS = {
    "fr_FR": 20, "en_US": 14, "en_GB": 6, "en": 6, "fr_BE": 3, "fr_CH": 3, "fr_CA": 2, "fr_DZ": 2, "de_DE": 5,
    "it_IT": 4, "es_ES": 4, "nl_NL": 4, "pl_PL": 3, "sv_SE": 3, "da_DK": 3, "no_NO": 2, "fi_FI": 2, "hu_HU": 3,
    "cs_CZ": 3,
    "pt_PT": 3, "pt_BR": 3, "tr_TR": 3, "hr_HR": 3, "sl_SI": 2, "ro_RO": 2, "sk_SK": 2, "en_IN": 8, "is_IS": 3,
    "en_NG": 2, "yo_NG": 2, "ig_NG": 2, "vi_VN": 2, "el_GR": 1, "ru_RU": 1, "id_ID": 2, "en_PK": 3, "en_KE": 3,
    "et_EE": 1, "lv_LV": 1, "lt_LT": 1, "en_IE": 2, "es_CA": 1, "ga_IE": 1,
}  # fmt: skip
_PARTICLES = {
    "fr_FR": "de", "nl_NL": "van der", "it_IT": "di", "es_ES": "de la", "de_DE": "von", "pt_PT": "da",
}  # fmt: skip
_SKIPPED = frozenset({"th_TH", "ja_JP", "zh_CN", "zh_TW", "ko_KR", "th"})  # no blanks between words


def held_out(name: str) -> bool:
    """One name in ten is kept for measuring."""
    return _part(name) == 0


def in_lexicon(name: str) -> bool:
    """While it learns, the tagger knows seven names in ten: it must not come to need the lexicon."""
    return _part(name) >= 3


def _part(name: str) -> int:
    return hashlib.sha256(plain(name).encode()).digest()[0] % 10


def plain(name: str) -> str:
    """Lower case, without accents."""
    pieces = unicodedata.normalize("NFKD", name.lower())
    return "".join(piece for piece in pieces if not unicodedata.combining(piece))


class People:
    """First and family names by country."""

    def __init__(self) -> None:
        self.first: dict[str, list[str]] = {}
        self.last: dict[str, list[str]] = {}
        for country, provider in _providers():
            if first := _names(provider, "first_name"):
                self.first[country] = first
            if last := _names(provider, "last_name"):
                self.last[country] = last

    def words(self, names: dict[str, list[str]]) -> set[str]:
        """Every word of `names`."""
        return {word for some in names.values() for name in some for word in name.replace("-", " ").split()}


def _providers() -> Iterator[tuple[str, ModuleType]]:
    for module in sorted(pkgutil.iter_modules(faker.providers.person.__path__), key=lambda found: found.name):
        if module.name not in _SKIPPED:
            yield module.name, importlib.import_module(f"faker.providers.person.{module.name}")


def _names(module: ModuleType, what: str) -> list[str]:
    found: set[str] = set()
    for attribute in dir(module.Provider):
        if attribute.startswith(what):
            value = getattr(module.Provider, attribute)
            if isinstance(value, (list, tuple, set, dict)):
                found |= {name if isinstance(name, str) else name[0] for name in value}
    return sorted(name.strip() for name in found if len(name.strip()) > 1 and "." not in name)


class Namer:
    """Draws names: all of them, or those that are kept for measuring (`held`), or the others."""

    def __init__(self, people: People, chance: random.Random, *, held: bool | None) -> None:
        self._chance = chance
        self._first = _kept(people.first, held)
        self._last = _kept(people.last, held)
        self._held = bool(held)
        countries = sorted(set(self._first) & set(self._last))
        self._countries = countries
        self._weights = [WEIGHTS.get(country, 0.4) for country in countries]
        self._chains = {
            country: Syllables(self._last[country]) for country in countries if len(self._last[country]) > 60
        }

    def country(self) -> str:
        """A country."""
        return self._chance.choices(self._countries, self._weights)[0]

    def first(self, country: str) -> str:
        """A first name, now and then a double one."""
        name = self._chance.choice(self._first[country])
        if country.startswith("fr") and self._chance.random() < 0.08:
            return f"{name}-{self._chance.choice(self._first[country])}"
        return name

    def last(self, country: str) -> str:
        """A family name; one in four is made up."""
        draw = self._chance.random()
        if draw < 0.25 and country in self._chains and not self._held:
            return self._chains[country].word(self._chance)
        name = self._chance.choice(self._last[country])
        if draw > 0.96:
            return f"{name}-{self._chance.choice(self._last[country])}"
        if draw > 0.94 and country in _PARTICLES:
            return f"{_PARTICLES[country]} {name}"
        return name


def _kept(names: dict[str, list[str]], held: bool | None) -> dict[str, list[str]]:
    some = {
        country: [name for name in found if held is None or held_out(name) == held] for country, found in names.items()
    }
    return {country: found for country, found in some.items() if len(found) >= 5}


class Syllables:
    """A chain of letters that makes words like those of a list."""

    def __init__(self, words: Iterable[str]) -> None:
        self._next: dict[str, list[str]] = defaultdict(list)
        for word in words:
            padded = f"^^^{word}$"
            for i in range(3, len(padded)):
                self._next[padded[i - 3 : i]].append(padded[i])

    def word(self, chance: random.Random) -> str:
        """A word of 4 to 12 letters."""
        while True:
            made = "^^^"
            while not made.endswith("$") and len(made) < 17:
                made += chance.choice(self._next[made[-3:]])
            if made.endswith("$") and 4 <= len(made) - 4 <= 12:
                return made[3:-1]


@cache
def people() -> People:
    """All of them, read once."""
    return People()
