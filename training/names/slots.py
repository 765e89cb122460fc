"""What stands in the slots of templates: people, products, numbers, dates.

Invariant: nothing here is a real person's: names come from `Namer`, everything else is drawn.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence

from faker import Faker

from training.names.people import Namer
from training.names.postal import Postman

# fmt: off
TITLES: Mapping[str, Sequence[str]] = {
    "en": ("Mr", "Mr.", "Mrs", "Mrs.", "Ms", "Ms.", "Dr", "Dr.", "Miss", "Prof.", "Professor", "Sir"),
    "fr": ("M.", "Mme", "Mlle", "Monsieur", "Madame", "Mr", "Dr", "Me", "Docteur", "Mme.", "Maître", "M"),
}
# How a whole name is written, and how often: f a first name, F its letter, l a family name, L that in capitals.
_WRITTEN = {
    "f l": 61, "f L": 10, "L f": 6, "l f": 3, "l, f": 3, "F. l": 3, "f F. l": 4, "f f l": 4, "f l l": 3, "f": 3,
}
_FIRMS = ("Ltd", "Inc.", "SAS", "SARL", "GmbH", "Labs", "Group", "Cloud", "Software", "Conseil", "LLC", "Corp.")
_PHONES = (
    "0000000000", "00 00 00 00 00", "000-000-0000", "(000) 000-0000", "0000 000 000", "00 000000", "000 000 000",
    "00000 000000", "+00 0 00 00 00 00", "+000 000 0000", "00-00000000", "0000-0000000", "(00) 0000-0000",
    "000.000.0000", "00.00.00.00.00", "000 00 000", "000 00 00 00", "000-000-000x0000", "0000-000", "00 00 00 00",
)
_JOBS: Mapping[str, Sequence[str]] = {
    "en": ("Sales Manager", "CEO", "Head of Marketing", "Office Manager", "Accountant", "Developer", "IT Manager",
           "CTO", "Project Manager", "Customer Success Manager", "engineer", "Civil drafter", "Nurse", "Teacher"),
    "fr": ("Responsable commercial", "Directeur général", "Comptable", "Assistante de direction", "Chef de projet",
           "DSI", "Gérant", "Responsable informatique", "Chargée de clientèle", "Développeur", "secrétaire"),
}
_MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
           "novembre", "décembre")
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "hier", "demain")
_NATIONS = ("French", "German", "American", "British", "Italian", "Spanish", "Dutch", "Thai", "Indian", "Canadian",
            "Polish", "Mexican", "Greek", "Austrian", "Australian", "Swedish", "Danish", "Irish", "Kenyan", "Chinese")
# fmt: on


class Slots:
    """Values for slots, one language at a time."""

    def __init__(self, namer: Namer, postman: Postman, products: Sequence[str], chance: random.Random) -> None:
        self._namer, self._postman, self._products, self._chance = namer, postman, products, chance
        self._fakers = {"en": Faker("en_US"), "fr": Faker("fr_FR")}
        for one in self._fakers.values():
            one.seed_instance(chance.randrange(1 << 30))

    def country(self) -> str:
        """Where the people of a text come from, mostly."""
        return self._namer.country()

    def value(self, slot: str, language: str, country: str) -> str:
        """One value. A slot that is not known stays as it is."""
        country = self._namer.country() if self._chance.random() < 0.3 else country
        make = self._people(language, country) | self._places(language) | self._things(language)
        return str(make[slot]()) if slot in make else slot

    def _people(self, language: str, country: str) -> dict[str, Callable[[], str]]:
        def title() -> str:
            return self._chance.choice(TITLES[language])

        def titled() -> str:
            return f"{title()} {self._person(country) if self._chance.random() < 0.2 else self._last(country)}"

        made = {"titled": titled, "initial": lambda: self._chance.choice("ABCDEFGHJKLMNOPRSTVW")}
        made |= dict.fromkeys(PERSON, lambda: self._person(country)) | dict.fromkeys(PREFIX, title)
        return (
            made
            | dict.fromkeys(FIRST, lambda: self._namer.first(country))
            | dict.fromkeys(LAST, lambda: self._last(country))
        )

    def _places(self, language: str) -> dict[str, Callable[[], str]]:
        post = self._postman
        return {
            "address": lambda: post.address(language), "street": lambda: post.street(language),
            "city": lambda: post.town(language), "country": lambda: post.country(language),
            "postcode": post.postcode, "zipcode": post.postcode, "building_number": post.number,
            "street_name": post.bare_street, "secondary_address": post.unit, "state_abbr": post.state,
        }  # fmt: skip

    def _things(self, language: str) -> dict[str, Callable[[], str]]:
        fake, english = self._fakers[language], self._fakers["en"]
        firm, number, phone = lambda: self._firm(language), self._number, lambda: self._phone(language)

        def nation() -> str:
            return self._chance.choice(_NATIONS)

        is_french = language == "fr"
        return {
            "org": firm, "organization": firm, "phone": phone, "phone_number": phone, "email": fake.email,
            "number": number, "us_driver_license": number, "date": lambda: self._date(language),
            "day": lambda: self._chance.choice(_DAYS) if is_french else str(english.day_of_week()),
            "month": lambda: self._month(language), "job": lambda: self._job(language),
            "credit_card_number": english.credit_card_number, "iban": english.iban, "ssn": english.ssn,
            "ip_address": english.ipv4, "url": english.url, "date_of_birth": english.date, "date_time": english.date,
            "year": lambda: str(self._chance.randint(1900, 2030)), "day_of_week": english.day_of_week,
            "age": lambda: str(self._chance.randint(1, 99)),
            "nationality": nation, "nation_woman": nation, "nation_plural": lambda: f"{nation()}s",
        }  # fmt: skip

    def _last(self, country: str) -> str:
        last = self._namer.last(country)
        return last.upper() if self._chance.random() < 0.1 else last

    def _person(self, country: str) -> str:
        written = self._chance.choices(list(_WRITTEN), list(_WRITTEN.values()))[0]
        make = {
            "f": lambda: self._namer.first(country), "F": lambda: self._namer.first(country)[0],
            "l": lambda: self._namer.last(country), "L": lambda: self._namer.last(country).upper(),
        }  # fmt: skip
        return re.sub(r"[fFlL]", lambda letter: make[letter[0]](), written)

    def _firm(self, language: str) -> str:
        draw = self._chance.random()
        if draw < 0.45:
            return str(self._fakers[language].company())
        if draw < 0.5:
            return "".join(self._chance.choices("ABCDEFILMNOPRSTU", k=self._chance.randint(3, 6)))
        product = self._chance.choice(self._products)
        if draw < 0.7:
            return f"{product} {self._chance.choice(_FIRMS if draw < 0.6 else self._products)}"
        return product

    def _phone(self, language: str) -> str:
        if self._chance.random() < 0.5:
            return re.sub("0", lambda _: self._chance.choice("0123456789"), self._chance.choice(_PHONES))
        return str(self._fakers[language].phone_number())

    def _number(self) -> str:
        return str(self._chance.randrange(10 ** self._chance.randint(1, 9)))

    def _date(self, language: str) -> str:
        if self._chance.random() < 0.4:
            return f"{self._chance.randint(1, 31)} {self._month(language)} {self._chance.randint(1990, 2030)}"
        shapes = ("%d/%m/%Y", "%d/%m", "%d.%m.%Y") if language == "fr" else ("%Y-%m-%d", "%d %B %Y", "%B %d", "%d/%m")
        return str(self._fakers[language].date(self._chance.choice(shapes)))

    def _month(self, language: str) -> str:
        return self._chance.choice(_MONTHS) if language == "fr" else str(self._fakers["en"].month_name())

    def _job(self, language: str) -> str:
        return self._chance.choice(_JOBS[language]) if self._chance.random() < 0.5 else self._fakers[language].job()


PERSON = ("person", "name", "name_male", "name_female", "name_nonbinary")
FIRST = ("first_name", "first_name_male", "first_name_female", "first_name_nonbinary", "first")
LAST = ("last_name", "last_name_male", "last_name_female", "last")
PREFIX = ("prefix", "prefix_male", "prefix_female")
