"""Abbreviations that a text explains itself: "two-factor authentication (2FA)", "2FA (two-factor authentication)".

Invariant: a long form holds every letter of its short form in their order, beginning with a word's first letter; most
of them begin a word.

After Schwartz & Hearst, "A Simple Algorithm for Identifying Abbreviation Definitions in Biomedical Text" (2003):
letters are matched from the right, among so many words as the short form may stand for. A figure stands for its word.
"""

import re
from collections.abc import Iterator

from copilot.language.words import STOP_WORDS, fold

SHORTEST, LONGEST = 2, 10
LONG_FORM = 100
_PARENTHESIS = re.compile(r"\(\s*([^()\n]{2,100}?)\s*\)")
_SHORT = re.compile(r"[A-Za-z0-9][A-Za-z0-9&-]{1,9}")
# What may stand between the words of a long form; anything else ends it.
_ENDS = re.compile(r"[^\w\s'’&-]")
_LAST_WORD = re.compile(r"[\w&-]+\Z")
_LETTERS = re.compile(r"\w+")
_CAPITALS = 2
_FIGURES = {"two": "2", "to": "2", "deux": "2", "three": "3", "trois": "3", "four": "4", "quatre": "4"}
_FIGURE = re.compile(rf"\b(?:{'|'.join(_FIGURES)})\b")


def explained(text: str) -> set[tuple[str, str]]:
    """Short forms, as `short_form` gives them, each with its long form in lower case."""
    return {pair for match in _PARENTHESIS.finditer(text) for pair in _pairs(text[: match.start()], match[1])}


def short_form(word: str) -> str:
    """How a short form is looked up, whatever its case; empty for a word that can be none."""
    return fold(word) if _SHORT.fullmatch(word) else ""


def _pairs(before: str, inside: str) -> Iterator[tuple[str, str]]:
    """The long form stands before the parenthesis, or in it."""
    before = before[-2 * LONG_FORM :].rstrip()
    if _is_short(inside):
        words = _ENDS.split(before)[-1].split()
        if long := _long_form(inside, " ".join(words[-_most_words(inside) :])):
            yield short_form(inside), long
    elif (last := _LAST_WORD.search(before)) and _is_short(last[0]) and not _ENDS.search(inside):
        within = len(inside.split()) <= _most_words(last[0])
        if within and (long := _long_form(last[0], inside)) == inside.lower():
            yield short_form(last[0]), long


def _is_short(word: str) -> bool:
    return bool(_SHORT.fullmatch(word)) and sum(map(str.isupper, word)) >= _CAPITALS


def _most_words(short: str) -> int:
    return min(len(short) + 5, 2 * len(short))


def _long_form(short: str, words: str) -> str:
    """The end of `words` that `short` abbreviates, in lower case; empty when it abbreviates none of it."""
    folded = fold(words)
    if len(folded) != len(words):  # a character that folds to several: places would not fit
        return ""
    folded = _FIGURE.sub(lambda word: _FIGURES[word[0]] + word[0][1:], folded)  # as long as before
    place = len(folded)
    letters = [letter for letter in fold(short) if letter.isalnum()]
    for number, letter in reversed(list(enumerate(letters))):
        place = _found(folded, letter, place, is_first=number == 0)
        if place < 0:
            return ""
    long = words[place:].strip()
    is_long = len(long) > len(short) + 2 and len(_LETTERS.findall(long)) > 1
    return long.lower()[:LONG_FORM] if is_long and 2 * _beginnings(letters, folded[place:]) >= len(letters) else ""


def _beginnings(letters: list[str], folded: str) -> int:
    """How many of the letters begin words, in their order."""
    rest, count = [word[0] for word in _LETTERS.findall(folded)], 0
    for letter in letters:
        if letter in rest:
            rest = rest[rest.index(letter) + 1 :]
            count += 1
    return count


def _found(folded: str, letter: str, before: int, *, is_first: bool) -> int:
    """The last place of `letter` before `before`, the first letter's at the beginning of a word; -1 for none.

    The first letter rather begins a word that means something: "authentification à deux facteurs (A2F)".
    """
    if not is_first:
        return folded.rfind(letter, 0, before)
    places = [place for place in range(before) if folded[place] == letter and _begins_word(folded, place)]
    meaningful = [place for place in places if not _is_stop_word(folded, place)]
    return max(meaningful or places, default=-1)


def _begins_word(folded: str, place: int) -> bool:
    return place == 0 or not folded[place - 1].isalnum()


def _is_stop_word(folded: str, place: int) -> bool:
    word = _LETTERS.match(folded, place)
    return word is None or any(word[0] in words for words in STOP_WORDS.values())
