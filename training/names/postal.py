"""Postal addresses in training: the ways they are written in France, Britain, America and elsewhere.

Invariant: nothing here is a real person's address: streets and towns are made by `faker`, numbers are drawn.
"""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

from faker import Faker

from training.names import places
from training.names.people import held_out

T = TypeVar("T")
_SLOT = re.compile(r"\{(\w+)\}")
# How often each way of addresses.txt is taken, in texts of a language; `fake` is faker's own, of many countries.
_WAYS = {
    "en": {"fr": 1.0, "us": 3.0, "gb": 2.0, "mixed": 0.9, "fake": 1.6, "box": 0.2, "corner": 0.15},
    "fr": {"fr": 6.0, "us": 1.0, "gb": 0.5, "mixed": 0.8, "fake": 1.6, "box": 0.2, "corner": 0.15},
}
_USUAL = ("fr_FR", "en_US", "en_GB")


@cache
def faker_of(locale: str) -> Faker:
    """One faker for each country."""
    return Faker(locale)


@cache
def _patterns() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for line in (Path(__file__).parent / "addresses.txt").read_text(encoding="utf-8").splitlines():
        way, _, pattern = line.partition(" ")
        found[way].append(pattern.replace("\\n", "\n"))
    return found


class Postman:
    """Draws addresses; streets are named after people kept for measuring (`held`), after the others, or after all."""

    def __init__(self, chance: random.Random, *, held: bool | None) -> None:
        self._chance = chance
        self._held = held
        for locale in (*places.LOCALES, *_USUAL):
            faker_of(locale).seed_instance(chance.randrange(1 << 30))

    def address(self, language: str) -> str:
        """A whole address, over one line or several."""
        ways = _WAYS[language]
        way = self._chance.choices(list(ways), list(ways.values()))[0]
        return self._broken(self._faked() if way == "fake" else self._filled(self._one(_patterns()[way])))

    def street(self, language: str) -> str:
        """A number and a street, or a street alone."""
        draw = self._chance.random()
        if draw < 0.15:
            return self._street_abroad()
        named = self._street_fr() if language == "fr" else self._street_en()
        if draw < 0.3:
            return named
        return self._first_fr() if language == "fr" else f"{self.number()} {named}"

    def number(self) -> str:
        """A house number."""
        number = str(self._chance.randint(1, self._one((9, 40, 99, 400, 2500, 19999))))
        if self._chance.random() < 0.06:
            number += self._one((" bis", "bis", " ter", "A", "b", "-3", "/2", " B"))
        return f"0{number}" if len(number) == 1 and self._chance.random() < 0.3 else number

    def bare_street(self) -> str:
        """A street of any country, with or without its number, as lists of addresses have it."""
        name = self._one((self._street_abroad, self._street_abroad, self._street_en, self._street_fr))()
        return f"{name} {self.number()}" if self._chance.random() < 0.4 else name

    def unit(self) -> str:
        """A flat, a suite, a floor."""
        word = self._one(("Apt.", "Suite", "Apt", "Unit", "Flat", "#", "Floor", "Apt.", "Suite"))
        return (
            f"{word} {self._chance.randint(1, 999):03d}" if self._chance.random() < 0.6 else f"{word} {self.number()}"
        )

    def postcode(self) -> str:
        """A postcode of one of three countries."""
        return self._one((self._code_us, self._code_fr, self._code_gb))()

    def state(self) -> str:
        """Two or three letters."""
        return self._one(places.STATES)

    def town(self, language: str = "") -> str:
        """A town."""
        if self._chance.random() < 0.35:
            return self._one(places.FRENCH_TOWNS if language == "fr" else places.ENGLISH_TOWNS)
        town = str(faker_of(self._one((*places.LOCALES, *_USUAL))).city())
        return town.upper() if self._chance.random() < 0.1 else town

    def country(self, language: str = "en") -> str:
        """A country, in the language."""
        if self._chance.random() < 0.4:
            return self._one(places.COUNTRIES)
        return str(faker_of("fr_FR" if language == "fr" else "en_US").country())

    def _filled(self, pattern: str) -> str:
        ways: dict[str, Callable[[], str]] = {
            "n": self.number, "first_fr": self._first_fr, "last_fr": self._last_fr, "inside": self._inside,
            "hamlet": self._hamlet, "box": self._box, "code_fr": self._code_fr, "town_fr": self._town_fr,
            "country_fr": lambda: self._one(("France", "FRANCE", "Belgique", "Suisse")), "unit": self.unit,
            "street_en": self._street_en, "town_en": self._town_en, "state": self.state, "code_us": self._code_us,
            "state_name": lambda: str(faker_of("en_US").state()), "country_en": self.country,
            "code_gb": self._code_gb, "street_abroad": self._street_abroad, "town": self.town, "code": self.postcode,
            "street_any": self.bare_street,
        }  # fmt: skip
        return _SLOT.sub(lambda slot: ways[slot[1]](), pattern)

    def _one(self, options: Sequence[T]) -> T:
        return self._chance.choice(options)

    def _named(self, make: Callable[[], str]) -> str:
        """What faker makes, with names of the right part."""
        for _ in range(30):
            made = make()
            if self._held is None or any(map(held_out, made.split())) == self._held:
                break
        return made

    def _first_fr(self) -> str:
        return f"{self.number()}{',' if self._chance.random() < 0.3 else ''} {self._street_fr()}"

    def _street_fr(self) -> str:
        if self._chance.random() < 0.4:
            return self._named(faker_of("fr_FR").street_name)
        way = self._one(places.FRENCH_WAYS)
        return f"{way.capitalize() if self._chance.random() < 0.25 else way} {self._one(places.FRENCH_NAMES)}"

    def _last_fr(self) -> str:
        code, town = self._code_fr(), self._town_fr()
        last = (f"{code} {town}",) * 3 + (f"{town} {code}", f"{town} ({code})", f"à {town}", code, town)
        return self._one(last)

    def _code_fr(self) -> str:
        end = self._one(("000", "100", "200", "300", f"{self._chance.randint(0, 999):03d}"))
        return f"{self._chance.randint(1, 95):02d}{' ' if self._chance.random() < 0.06 else ''}{end}"

    def _town_fr(self) -> str:
        town = self._one(places.FRENCH_TOWNS) if self._chance.random() < 0.5 else str(faker_of("fr_FR").city())
        draw = self._chance.random()
        if draw < 0.06:
            town += f" Cedex {self._chance.randint(1, 20)}" if draw < 0.03 else " CEDEX"
        return town.upper() if self._chance.random() < 0.12 else town

    def _inside(self) -> str:
        n, letter = self._chance.randint(1, 60), self._one("ABCDE")
        return self._one((
            f"appt {n}", f"appartement {n}", f"apt {n}", f"bât. {letter}", f"bâtiment {letter}", f"{n % 9 + 1}e étage",
            f"{n % 9 + 1}ème étage", f"escalier {letter}", f"porte {n}", f"résidence {self._one(places.FRENCH_NAMES)}",
            f"esc. {n % 4}, porte {n}", f"Bât {letter} appt {n}", f"étage {n % 9}", self._box(),
        ))  # fmt: skip

    def _hamlet(self) -> str:
        return f"{self._one(('Le', 'La', 'Les'))} {self._one(('Bourg', 'Moulin', 'Haye', 'Ferme', 'Landes', 'Clos'))}"

    def _box(self) -> str:
        return f"{self._one(('BP', 'CS', 'B.P.'))} {self._one((self._chance.randint(1, 99), f'{self.number()}0001'))}"

    def _street_en(self) -> str:
        draw = self._chance.random()
        if draw < 0.4:
            return self._named(faker_of(self._one(("en_US", "en_US", "en_GB", "en_IE", "en_NZ"))).street_name)
        side = self._one(("N ", "S ", "E ", "W ", "North ", "West ", "N. ", "SE ")) if draw > 0.92 else ""
        return f"{side}{self._one(places.ENGLISH_NAMES)} {self._one(places.ENGLISH_WAYS)}"

    def _town_en(self) -> str:
        if self._chance.random() < 0.5:
            return self._one(places.ENGLISH_TOWNS)
        return str(faker_of(self._one(("en_US", "en_GB"))).city())

    def _code_us(self) -> str:
        return str(faker_of("en_US").postcode())

    def _code_gb(self) -> str:
        return str(faker_of("en_GB").postcode())

    def _street_abroad(self) -> str:
        name = self._named(faker_of(self._one(places.LOCALES)).street_name)
        return f"{name} {self.number()}" if self._chance.random() < 0.6 else name

    def _faked(self) -> str:
        usual = ("en_US", "fr_FR", "en_GB", "en_AU", "en_CA", "en_IN")
        return self._named(faker_of(self._one(usual if self._chance.random() < 0.5 else places.LOCALES)).address)

    def _broken(self, address: str) -> str:
        """Over several lines at times; at times without its commas."""
        draw = self._chance.random()
        for share, comma in ((0.18, "\n"), (0.22, ",\n"), (0.34, " "), (0.36, " - ")):
            if draw < share:
                return address.replace(", ", comma)
        return address
