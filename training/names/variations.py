"""Texts changed the way people's texts differ: case, accents, products nobody knows, people in a sentence.

Invariant: a changed text has the same length up to each span, so the spans still hold; only `Turner` makes new ones.
"""

import random
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from zlib import crc32

from copilot.privacy.spans import Span
from training.names.filling import Filled, fill
from training.names.people import Syllables, people, plain
from training.names.slots import Slots

_PRODUCT = re.compile(r"(?<=[a-z,] )(?:[A-Z][a-z]{3,}|[A-Z]{3,6})\b")
# Whom a sentence is about, where a name may stand as well.
_SOMEBODY = {
    "en": re.compile(
        r"\b(?:[Tt]he|[Aa]n?|[Yy]our|[Oo]ur|[Mm]y) (?:user|customer|client|author|admin|administrator|developer|owner"
        r"|manager|colleague|teacher|student|employee|recipient|sender|member|person|employer|worker|learner|coach"
        r"|reader)\b(?! \w+s\b)(?!-)"
    ),
    "fr": re.compile(
        r"\b(?:[Ll]['’]|[Ll]e |[Ll]a |[Uu]ne? |[Vv]otre |[Nn]otre |[Mm]on |[Mm]a )(?:utilisateur|utilisatrice|cliente?"
        r"|administrateur|développeur|salariée?|employeur|auteur|autrice|propriétaire|collègue|enseignante?"
        r"|destinataire|membre|responsable|personne|lecteur|internaute|visiteur|travailleur|élève|tuteur|coach"
        r"|apprenant)\b"
    ),
}
_SLOTS = ("person", "person", "first", "first", "last", "titled")
_COUNTRIES = ("en_US", "fr_FR", "en_GB", "de_DE", "it_IT", "es_ES")  # whose people write documentation


class Turner:
    """Real text, at times with a person in place of `the user`, at times about products that nobody knows."""

    def __init__(self, invented: Sequence[str], slots: Slots, chance: random.Random) -> None:
        self._invented, self._slots, self._chance = invented, slots, chance

    def turned(self, text: str, language: str) -> Filled:
        """The text, with spans where people came in."""
        if self._chance.random() < 0.5:
            text = _PRODUCT.sub(self._renamed, text)
        if (who := _SOMEBODY[language].search(text)) and self._chance.random() < 0.6:
            before, after = (side.replace("{", "(") for side in (text[: who.start()], text[who.end() :]))
            return fill(f"{before}{{{self._chance.choice(_SLOTS)}}}{after}", language, self._slots)
        return Filled(text, ())

    def _renamed(self, match: re.Match[str]) -> str:
        """Half of the products under a made-up name, always the same."""
        word, key = match[0], crc32(match[0].encode())
        if key % 2:
            return word
        made = self._invented[key % len(self._invented)]
        return made[: len(word)].upper() if word.isupper() else made


def varied(filled: Filled, chance: random.Random, share: float = 1.0) -> Filled:
    """As people type: small letters, capitals, no accents, names in small letters only. Often as it is."""
    draw = chance.random() / share
    text, spans = filled
    if draw < 0.17:
        text = cased(text, str.lower)
    elif draw < 0.2:
        text = cased(text, str.upper)
    elif draw < 0.25:
        for span in spans:
            text = text[: span.start] + cased(text[span.start : span.end], str.lower) + text[span.end :]
    elif draw < 0.3:
        text = cased(text, lambda one: plain(one) if one.islower() else plain(one).upper() if one.isalpha() else one)
    elif draw < 0.33 and not spans:
        text = text.title() if len(text.title()) == len(text) else text
    return Filled(text, spans)


def cased(text: str, turn: Callable[[str], str]) -> str:
    """Each character turned, where it stays one character."""
    return "".join(made if len(made := turn(one)) == 1 else one for one in text)


def joined(parts: Sequence[Filled], gap: str) -> Filled:
    """Several as one."""
    text, spans = "", []
    for part in parts:
        text += gap if text else ""
        spans += [Span(span.start + len(text), span.end + len(text), span.kind) for span in part.spans]
        text += part.text
    return Filled(text, tuple(spans))


def nameless() -> Callable[[str], bool]:
    """Whether a text has no first name right before a family name; documentation names its authors here and there."""
    found = people()
    first = {word for country in _COUNTRIES for word in found.first[country]}
    last = found.words(found.last)
    return lambda text: not any(one in first and other in last for one, other in pairwise(re.findall(r"\w+", text)))


def products(texts: Sequence[str]) -> list[str]:
    """Words and pairs with capitals inside sentences: products, firms, menus."""
    counts: dict[str, int] = {}
    for text in texts:
        for match in re.finditer(r"(?<=[a-z,] )[A-Z][A-Za-z0-9]+(?: [A-Z][a-z]+)?(?=[ ,.])", text):
            counts[match[0]] = counts.get(match[0], 0) + 1
    return sorted(word for word, count in counts.items() if count >= 4 and len(word) > 2)


def invented(known: Sequence[str], chance: random.Random) -> list[str]:
    """Names of products that do not exist."""
    chain = Syllables([word for word in known if word.isalpha()])
    return [chain.word(chance).capitalize() for _ in range(4000)]
