"""Needs made from documentation: what a customer may ask whom a section answers.

The wording is rough on purpose: a real need shares a few words with what answers it, and is seldom a heading.
"""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log

from copilot.language.words import content_words

ABOUT = {
    "en": (
        "How do I {x}?", "How can I {x}", "i need help with {x}", "Question about {x}", "What about {x}?", "{x}?",
        "{x}", "Is there a way to do this: {x}", "I do not understand {x}", "Where can I find {x}?", "Problem with {x}",
        "Can you explain {x} to me please?", "We have trouble with {x} since yesterday", "Could you tell me about {x}",
    ),
    "fr": (
        "Comment faire pour {x} ?", "Comment {x} ?", "j'ai besoin d'aide pour {x}", "Question sur {x}", "{x} ?", "{x}",
        "Est-il possible de {x} ?", "Je ne comprends pas {x}", "Où trouver {x} ?", "Problème avec {x}",
        "Pouvez-vous m'expliquer {x} s'il vous plaît ?", "Depuis hier nous avons un souci : {x}", "Quid de {x}",
    ),
}  # fmt: skip
AND = {"en": (" and ", ", ", " or ", " with "), "fr": (" et ", ", ", " ou ", " avec ")}
HEADINGS = 0.45


def rarity(texts: Iterable[tuple[str, str]]) -> dict[str, float]:
    """Inverse document frequency of every content word of (text, language) pairs: log(texts / texts that have it)."""
    counts: Counter[str] = Counter()
    total = 0
    for text, language in texts:
        total += 1
        counts.update(set(content_words(text, language)))
    return {word: log(total / count) for word, count in counts.items()}


def need(heading: str, facts: Sequence[str], language: str, rare: Mapping[str, float], chance: random.Random) -> str:
    """A question that `facts` answer: the heading's words, or some of the facts' own."""
    said = heading if heading and chance.random() < HEADINGS else _some_words(facts, language, rare, chance)
    return chance.choice(ABOUT[language]).format(x=_typed(said, chance))


def _some_words(facts: Sequence[str], language: str, rare: Mapping[str, float], chance: random.Random) -> str:
    words = sorted({word for fact in facts for word in content_words(fact, language)})
    if not words:
        return facts[0]
    weights = [rare.get(word, 1.0) for word in words]
    picked = dict.fromkeys(chance.choices(words, weights, k=chance.randint(2, 5)))
    return chance.choice(AND[language]).join(picked)


def _typed(text: str, chance: random.Random) -> str:
    """As people type: mostly without capitals, now and then with a letter missing."""
    text = text[:1].lower() + text[1:] if chance.random() < 0.7 else text
    if chance.random() < 0.1 and len(text) > 12:
        place = chance.randrange(4, len(text) - 1)
        text = text[:place] + text[place + 1 :]
    return text
