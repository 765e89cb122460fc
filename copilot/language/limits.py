"""Words that narrow or widen a statement: at most, at least, only, must, may, always, before… named alike in both
languages.

Invariant: names are shared by English and French, so the limits of a text and of its translation can be compared.
Turning one around ("at most" for "at least") makes another statement, however many words are shared.
"""

import re
from collections import Counter
from dataclasses import dataclass

_MARKS = {
    "most": r"at (?:the )?most|up to|no(?:t)? more than|at the latest|no(?:t)? later than|less than|fewer than|under|"
    r"below|younger than|maximum|jusqu['’](?:à|au|aux)|au plus(?: tard)?|(?:de |du |au )?maximum|(?<!au )moins d[e’']|"
    r"inférieur\w*|au[- ]dessous",
    "least": r"at (?:the )?least|no(?:t)? less than|minimum|more than|over|above|older than|longer than|"
    r"at the earliest|"
    r"or more|or (?:later|earlier)|à partir d[eu]s?|au moins|(?<!au )plus d[e’'](?! 1\b)|(?:au )?minimum|"
    r"supérieur\w*|dès(?! que)|"
    r"au[- ]delà|au plus tôt|ou (?:plus|davantage)\b|plus tôt",
    "until": r"until|till|up to|jusqu\w*",
    "since": r"from(?! \S+ to )|starting|as of|à partir d[eu]s?|dès(?! que)|à compter d[eu]",
    "only": r"only|solely|exclusively|just|nobody else|no one else|nothing else|none but|seule?s?(?:ment)?|uniquement|"
    r"exclusivement|réservée?s?|rien d['’]autre|(?:\bn(?:e\b|['’]))(?=.*?\bqu(?:e\b|['’]))",
    "must": r"must|ha(?:s|ve|d) to|needs? to|required to|is required|are required|mandatory|compulsory|obligatory|"
    r"obligatoires?|doi(?:t|s|vent)|dev(?:ez|ons|ra|ront|rez)|(?:il )?faut|exig\w+|tenue?s? de",
    "may": r"may|can|could|might|optional|allowed to|permitted|able to|possible|facultati\w+|peu(?:t|x|vent)|"
    r"pou(?:vez|vons|rra|rront|rrez)|possibilité|droit de",
    "will": r"will|shall|'ll|sera|seront|serez",
    "always": r"always|at all times|every time|in all cases|toujours|systématiquement|dans tous les cas",
    "sometimes": r"sometimes|occasionally|often|usually|normally|parfois|souvent|généralement|normalement|"
    r"en (?:général|principe)",
    "anytime": r"at any (?:time|moment)|any time|whenever|à tout moment|n['’]importe quand|quand vous voulez",
    "even": r"even(?= (?:on|if|when|after|before|for|in|by|without|at))|"
    r"même(?= (?:sur|si|après|avant|pour|au|en|les?|la|par|sans|dans|quand))",
    "never": r"never|under no circumstances|jamais|en aucun cas",
    "before": r"before|prior to|ahead|in advance|avant|à l['’]avance|au préalable|d['’]abord|préalablement",
    "after": r"after\w*|following|later(?! than)|once|then|après|ensuite|puis|à compter d[eu]|suivante?s?|"
    r"passé ce délai|"
    r"au bout d[eu]|une fois que",
    "all": r"all|every|each|any|anyone|anybody|everyone|everybody|tous|toute?s?(?! moment)|chaque|n['’]importe quel\w*|"
    r"tout le monde",
    "some": r"some|certain|certaine?s?|quelques(?:-uns)?",
    "once": r"once|one time|a single time|one guest|une (?:seule )?fois",
    "several": r"several|many times|multiple|more than once|plusieurs|autant de fois",
    "about": r"about|around|approximately|roughly|on average|environ|à peu près|moyenn?e?",
    "exactly": r"exactly|precisely|exactement|précisément",
    "free": r"free of charge|free|at no (?:extra )?(?:cost|charge)|gratuit\w*|sans frais|offerte?s?",
    "whole": r"full|whole|entire|complete|totalité|intégral\w*|entière?|total",
    "half": r"half|moitié",
    "start": r"begin\w*|starts?|starting|début\w*|commence\w*",
    "end": r"ends?|ending|fin|terme|échéance",
}  # fmt: skip
_FOUND = {name: re.compile(rf"(?<!\w)(?:{words})(?:(?<=['’])|(?!\w))", re.IGNORECASE) for name, words in _MARKS.items()}
# One of each pair cannot stand for the other.
OPPOSED = (
    ("most", "least"), ("must", "may"), ("may", "will"), ("always", "sometimes"), ("always", "never"),
    ("sometimes", "never"), ("before", "after"), ("all", "only"), ("all", "some"), ("once", "several"),
    ("until", "since"), ("until", "after"), ("anytime", "until"), ("anytime", "before"), ("about", "exactly"),
    ("whole", "half"), ("start", "end"),
)  # fmt: skip
# Losing one of these makes a statement wider than it was.
KEPT = ("most", "least", "only")
# Putting in one of these makes it wider too.
WIDENING = ("always", "anytime", "even", "free")
_NOT_LIMITS = re.compile(r"\bplus de (?:détails|questions)\b|\bmay \d|\d may\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit's name and where it stands."""

    name: str
    start: int
    end: int


def limits(text: str) -> list[Limit]:
    """Every limiting word of the text, in order of its names."""
    text = _NOT_LIMITS.sub(lambda match: " " * len(match[0]), text)
    return [Limit(name, m.start(), m.end()) for name, pattern in _FOUND.items() for m in pattern.finditer(text)]


def turned(said: Counter[str], held: Counter[str]) -> tuple[str, str] | None:
    """The first pair of opposites of which one text has more of the one, and the other more of the other."""
    more, less = said - held, held - said
    return next(((a, b) for x, y in OPPOSED for a, b in ((x, y), (y, x)) if a in more and b in less), None)
