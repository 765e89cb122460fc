"""Who does what to whom: "A can remove B" is not "B can remove A".

Invariant: only order is looked at. Three words that two sentences have in exactly opposite order mean a swap, unless
one of the sentences is passive; three in the same order mean one if just one of them is passive.
"""

import re
from collections.abc import Iterator
from itertools import combinations

from copilot.drafting.alignment import KNOWN, NEW, Alignment
from copilot.drafting.comparable import Comparable, part
from copilot.language.unchanged import named

_BY_AGENT = re.compile(
    r"\b(?:is|are|be|been|being|was|were|gets?)\b[^.;]*?\bby\s+(?:(?:an?|the|your|our|another)\s+)?(?=\w)|"
    r"\b(?:est|sont|être|été|soit|était|étaient|sera|seront)\b[^.;]*?\bpar\s+(?:(?:une?|le|la|les|des|votre|notre)\s+|l')?(?=\w)"
)
# What stands behind one of these is no actor, and is moved about freely.
_ADJUNCT = re.compile(
    r"\b(?:in|on|at|for|with|without|during|after|before|until|except|from|to|under|within|since|via|"
    r"dans|en|sur|pour|avec|sans|pendant|après|avant|jusqu'à|sauf|depuis|à|au|aux|sous|chez|vers|of|de|du|des|d')\s+"
    r"(?:(?:an?|the|your|our|each|une?|le|la|les|votre|notre|chaque)\s+|l')?(?:\w+\s+)?$",
    re.IGNORECASE,
)
_FRONTED = re.compile(
    r"(?:if|when|once|while|to|in|on|at|for|with|without|during|after|before|until|unless|except|from|by|since|because|"
    r"as|si|s'|quand|lorsque|lorsqu|pour|en|dans|avec|sans|pendant|après|avant|dès|sauf|depuis|à|au|du|par|sous|jusqu|"
    r"opening|closing|sharing)\b",
    re.IGNORECASE,
)
_FROM_TO = re.compile(
    r"\b(from|to|into|than|instead of|over|de|du|des|depuis|vers|à|au|aux|par rapport à|plutôt que)\s+"
    r"(?:(?:an?|the|your|our|une?|le|la|les|votre|notre)\s+|l')?$",
    re.IGNORECASE,
)
_DIRECTIONS = {
    **dict.fromkeys(("from", "depuis", "de", "du", "des"), "from"),
    **dict.fromkeys(("to", "into", "vers", "à", "au", "aux"), "to"),
}


def swapped(said: Comparable, held: Comparable, aligned: Alignment) -> bool:
    """Whether the two sentences give their words opposite parts."""
    order = [(i, place) for i, place in enumerate(aligned.places) if place >= 0]
    fronted = bool(_FRONTED.match(said.text)) != bool(_FRONTED.match(held.text))
    if numbers_elsewhere(said, held, aligned):
        return True
    return (not fronted and _reversed(said, held, order)) or _direction_changed(said, held, order)


def _reversed(said: Comparable, held: Comparable, order: list[tuple[int, int]]) -> bool:
    order = [(i, j) for i, j in order if not (_adjunct(said, i) or _adjunct(held, j))]
    agents = (_agent(said), _agent(held))
    one_is_passive = (agents[0] is None) != (agents[1] is None)
    if not one_is_passive:
        return any(a[1] > b[1] > c[1] and _alike(said, a, c) for a, b, c in combinations(order, 3))
    return any(a[1] < b[1] < c[1] and (c[0] == agents[0] or c[1] == agents[1]) for a, b, c in combinations(order, 3))


def numbers_elsewhere(said: Comparable, held: Comparable, aligned: Alignment) -> bool:
    """Whether a number is said of what the passage says another number of: "police in 24 hours, us in 3 days"."""
    home = {j: set(_beside(held, j)) for j, word in enumerate(held.words) if word.is_number}
    for i, place in enumerate(aligned.places):
        if place in home:
            beside = {aligned.places[n] for n in _beside(said, i)} - {NEW, KNOWN}
            others = set().union(*(words for j, words in home.items() if j != place))
            if beside and not beside & home[place] and beside <= others:
                return True
    return False


def _beside(reading: Comparable, n: int) -> Iterator[int]:
    """The words in a number's part of the sentence, without numbers and units."""
    start, end = part(reading.text, reading.words[n].start)
    for i, word in enumerate(reading.words):
        if start <= word.start < end and not word.is_number and not named(word.text):
            yield i


def _alike(reading: Comparable, a: tuple[int, int], c: tuple[int, int]) -> bool:
    """Two numbers may have changed places, or two words; not one with the other."""
    return reading.words[a[0]].is_number == reading.words[c[0]].is_number


def _adjunct(reading: Comparable, n: int) -> bool:
    word = reading.words[n]
    return not word.is_number and bool(_ADJUNCT.search(reading.text[: word.start]))


def _agent(reading: Comparable) -> int | None:
    """The index of the word that a passive names as the one who acts."""
    match = _BY_AGENT.search(reading.text)
    if not match:
        return None
    return next((n for n, word in enumerate(reading.words) if word.start >= match.end()), None)


def _direction_changed(said: Comparable, held: Comparable, order: list[tuple[int, int]]) -> bool:
    """Whether a word that stood after "from" now stands after "to", and another the other way."""
    turns = set()
    for i, j in order:
        one, two = _direction(said, i), _direction(held, j)
        if one and two and one != two:
            turns.add((two, one))
    return {("from", "to"), ("to", "from")} <= turns


def _direction(reading: Comparable, n: int) -> str:
    match = _FROM_TO.search(reading.text[: reading.words[n].start])
    return _DIRECTIONS.get(match[1].lower(), "") if match else ""
