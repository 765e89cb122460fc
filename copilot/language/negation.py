"""What a sentence denies, in English and French.

Invariant: a negation reaches to the end of its clause. Words that look like one but limit or invite ("no later than",
"n'hésitez pas", "ne … que") deny nothing.
"""

import re
from dataclasses import dataclass

_DENIES = re.compile(
    r"(?<!\w)(?:not|no|never|cannot|without|neither|nor|none|nobody|nothing|\w+n['’]t|"
    r"ne|n['’]|jamais|aucune?|sans|ni|personne ne|rien|pas(?= (?:un|une|de|d['’]|au|en|à)\b))(?:(?<=['’])|(?!\w))",
    re.IGNORECASE,
)
_DENIES_NOTHING = re.compile(
    r"\bno(?:t)? (?:later|more|less) than\b|\bno one else\b|\bnobody else\b|\bnothing else\b|\bnot only\b|"
    r"\bno matter\b|"
    r"\b(?:do not|don['’]t) hesitate\b|\bn['’]hésitez pas\b|\bn['’]importe\b|\bn['’]oubliez pas\b|\bne manquez pas\b|"
    r"\b(?:do not|don['’]t) forget\b|\bat no (?:extra )?(?:cost|charge)\b|\bsans frais\b|\bif not\b|\bsinon\b|"
    r"\bn(?:e\b|['’])[^.;,]*?\bqu(?:e\b|['’])|\bno longer than\b|\bpas seulement\b|\bpersonne de confiance\b|"
    r"\bà moins qu[^.;,]*|\bavant (?:que|qu['’])[^.;,]*",
    re.IGNORECASE,
)
# Words that deny by their meaning; they may stand for a negation.
_BY_MEANING = re.compile(
    r"\b(?:impossible|unable|refus\w*|exclu\w*|exempt\w*|forbid\w*|prohibit\w*|interdi\w*|free|only|seule?s?(?:ment)?|"
    r"uniquement|fails?|lack\w*|missing|absence|otherwise|sinon|gratuit\w*|offerte?s?|unless|sauf|except|"
    r"stop\w*|instead|unavailable|"
    r"plus tôt|facultati\w*|optional)\b",
    re.IGNORECASE,
)
_CLAUSE_ENDS = re.compile(r"[,;:.!?–—]|\b(?:but|unless|if|because|when|while|mais|sauf|si|car|quand|lorsque)\b")


@dataclass(frozen=True, slots=True)
class Denial:
    """Characters `start` to `end` are denied; the negation itself stands before them."""

    start: int
    end: int


def denials(text: str) -> list[Denial]:
    """Where the text denies, in order."""
    plain = _DENIES_NOTHING.sub(lambda match: " " * len(match[0]), text)
    found: list[Denial] = []
    for match in _DENIES.finditer(plain):
        is_without = match[0].lower() in ("without", "sans")
        if is_without or not any(denial.end >= match.end() for denial in found):  # "ne … aucun" denies once
            found.append(Denial(match.end(), _end(plain, match.end())))
    return found


def denies_by_meaning(text: str) -> set[str]:
    """Words such as "impossible" or "exempt", in lower case."""
    return {match.lower() for match in _BY_MEANING.findall(text)}


def _end(text: str, start: int) -> int:
    stop = _CLAUSE_ENDS.search(text, start)
    return stop.start() if stop else len(text)
