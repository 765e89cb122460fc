"""Clauses on which a statement depends: if, unless, provided that, except; si, sauf si, à condition que.

Invariant: a clause runs from its marker to the end of its part of the sentence, so that what a text leaves out when it
leaves out the condition is exactly the clause's words.
"""

import re
from dataclasses import dataclass

# Without one of these a statement says more than it did.
_STRICT = (
    r"only if|only when|if|unless|except|excluding|provided|as long as|on condition|in case|whether|"
    r"seulement si|sauf|hormis|à condition|sous réserve|tant que|à moins|pourvu|en cas d|au[- ]delà d|"
    r"si(?! que)|s['’](?=il)"
)
# Without one of these it may say more; a person should look.
_LOOSE = (
    r"when|while|whenever|once|until|without|with|during|for|who|whose|that (?=is|are|was|were|has|have|had|you|"
    r"we|begin)|which|within|above|below|from|at machines|"
    r"lorsqu\w*|quand|pendant|sans|avec|pour|qui|dont|durant|dès|sur présentation|dans nos|présents|sous|quand|avant|"
    r"through|by another|only|not|but|mais"
)
_STRICT_MARK = re.compile(rf"(?<!\w)(?:{_STRICT})(?:(?<=['’])|(?!\w)|(?<=\bd)(?=['’e]))", re.IGNORECASE)
_LOOSE_MARK = re.compile(rf"(?<!\w)(?:{_LOOSE})(?!\w)", re.IGNORECASE)
_STOPS = re.compile(r"[,;:.!?–—]\s|[,;:.!?–—]$|\s–\s")


@dataclass(frozen=True, slots=True)
class Clause:
    """Characters `start` to `end` of a text hold a condition; a `strict` one may never be left out."""

    start: int
    end: int
    strict: bool


def clauses(text: str) -> list[Clause]:
    """The conditions of one sentence, in order."""
    strict = [Clause(m.start(), _end(text, m.end()), True) for m in _STRICT_MARK.finditer(text)]
    return strict + [Clause(m.start(), _end(text, m.end()), False) for m in _LOOSE_MARK.finditer(text)]


def _end(text: str, start: int) -> int:
    stop = _STOPS.search(text, start)
    return stop.start() if stop else len(text)
