"""What the tagger learns from: templates filled, whole messages put together of them and of real text, and real text.

Invariant: the same seed makes the same mixture, but for what `faker`'s next version changes.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from training.names.corpora import assistant, chats, documents, questions
from training.names.filling import Filled, fill
from training.names.people import Namer, people
from training.names.postal import Postman
from training.names.slots import Slots
from training.names.variations import Turner, invented, joined, nameless, products, varied

HERE = Path(__file__).parent
LANGUAGES = ("en", "fr")
_GREETING = re.compile(r"(Hi|Hello|Hey|Dear|Bonjour|Salut|Bonsoir|Ch[eè]re?) ")
_CLOSING = re.compile(r"(.*[Rr]egards|Thank|Cheers|Best|Many|.*ordialement|Bien|Merci|Bonne|--|Cd|Sin).*\n")
_NOBODY = 24  # of plain.txt: greetings and closings without a name stand first


@dataclass(frozen=True, slots=True)
class Amounts:
    """How many texts of each kind."""

    templates: int = 11000
    borrowed: int = 4000
    messages: int = 7000
    plain: int = 5000
    pages: int = 20000
    questions: int = 8000
    chats: int = 7000


SMALL = Amounts(900, 500, 700, 300, 800, 500, 900)


def templates(name: str) -> list[str]:
    """Our own templates; `\\n` in them is a line break."""
    return [line.replace("\\n", "\n") for line in (HERE / name).read_text(encoding="utf-8").splitlines() if line]


def borrowed(data: Path, *, held: bool | None) -> list[str]:
    """Presidio's templates (MIT): all, or every fifth, which can be kept for measuring (`held`), or the others."""
    lines = (data / "presidio-research" / "templates.txt").read_text(encoding="utf-8", errors="replace").splitlines()
    own = [line.replace("\\n", "\n") for line in lines if line.strip() and "{street_name} and" not in line]
    return [line for place, line in enumerate(own) if held is None or (place % 5 == 0) == held]


class Mixture:
    """Draws texts for training; with `apart`, without the names and templates that are kept for measuring."""

    def __init__(self, data: Path, seed: int, amounts: Amounts, *, apart: bool) -> None:
        self._chance = random.Random(seed)  # noqa: S311 (texts to learn from, no secrets)
        self._amounts = amounts
        pages, check = documents(data, self._chance), nameless()
        self._pages = {language: list(filter(check, texts)) for language, texts in pages.items()}
        self._questions = questions(data)
        self._chats = [*chats(data), *assistant(data)]
        self._own = {language: templates(f"{language}.txt") for language in LANGUAGES}
        self._plain = templates("plain.txt")
        held = False if apart else None
        self._borrowed = borrowed(data, held=held)
        known = products([*self._pages["en"], *self._pages["fr"]])
        made = invented(known, self._chance)
        namer, postman = Namer(people(), self._chance, held=held), Postman(self._chance, held=held)
        self._slots = Slots(namer, postman, [*known, *made], self._chance)
        self._turner = Turner(made, self._slots, self._chance)

    def texts(self) -> Iterator[Filled]:
        """The mixture, in no order that matters."""
        many, chance = self._amounts, self._chance
        for _ in range(many.templates):
            language = chance.choice(LANGUAGES)
            yield varied(self._fill(self._own[language], language), chance)
        for _ in range(many.borrowed):
            yield varied(self._fill(self._borrowed, "en"), chance)
        for _ in range(many.messages):
            yield varied(self._message(chance.choice(LANGUAGES)), chance)
        for _ in range(many.plain):
            yield varied(self._fill(self._plain, chance.choice(LANGUAGES)), chance)
        for source, number in ((self._pages, many.pages), (self._questions, many.questions)):
            for _ in range(number):
                language = chance.choice(LANGUAGES)
                yield varied(self._turner.turned(chance.choice(source[language]), language), chance, share=0.7)
        yield from self._some([chat for chat in self._chats if chat.spans], many.chats * 2 // 3)
        yield from self._some([chat for chat in self._chats if not chat.spans], many.chats // 3)

    def _some(self, texts: list[Filled], most: int) -> list[Filled]:
        return self._chance.sample(texts, min(len(texts), most))

    def _fill(self, patterns: list[str], language: str) -> Filled:
        return fill(self._chance.choice(patterns), language, self._slots)

    def _message(self, language: str) -> Filled:
        """A greeting, real sentences with a template or two among them, a signature."""
        chance, own, nobody = self._chance, self._own[language], self._plain[:_NOBODY]
        greetings = [one for one in own if _GREETING.match(one)] if chance.random() < 0.4 else nobody
        pool = (self._questions if chance.random() < 0.5 else self._pages)[language]
        parts = [self._fill(greetings, language)]
        parts += [Filled(chance.choice(pool), ()) for _ in range(chance.randint(1, 2))]
        if chance.random() < 0.6:
            parts.insert(chance.randint(1, len(parts)), self._fill(own, language))
        draw = chance.random()
        if draw < 0.7:
            closings = [one for one in own if _CLOSING.match(one)] if draw < 0.55 else nobody
            parts.append(self._fill(closings, language))
        return joined(parts, chance.choice(["\n", "\n", "\n\n", "\n\n", " "]))
