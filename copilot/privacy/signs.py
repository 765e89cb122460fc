"""What the tagger looks at: a word itself, how it is written, what is known of it, and its neighbours.

Invariant: training and serving take the signs of a text from here, so that a weight always meets the sign it was
learned for. Every sign belongs to one word or to two or three that stand together: no sign needs a second pass.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from copilot.privacy.lexicon import CODES, Known, Lexicon
from copilot.privacy.tokens import LINE_END, fold, token_spans

NEAR_SIGNS, PAIR_SIGNS, OWN_SIGNS = 2, 4, 3  # in a row
NONE = ""  # in place of a sign, so that all rows are of one length
EDGE = ("<s>", "<s>")  # what stands before the first word and after the last
NEAR = (-3, -2, -1, 0, 1, 2, 3)  # a word's sign speaks for its neighbours too: for the one three before it, ...
BESIDE = (-1, 0, 1, 2)  # a pair's sign for the word before the pair, for both, and for the one after
_DIGIT = re.compile(r"\d")
_KEPT = 200_000  # words at most
_OF_WORDS = ("a", "A", "U", "X", "m", "o")
_USUAL = "«»“”‘’–—…€£°·•"
_MOSTLY = 12  # a line of that many tokens is long: longer ones look alike


@dataclass(frozen=True, slots=True)
class Word:
    """One word's signs that hold wherever it stands on a line of that case."""

    said: str  # the word itself where it is an everyday one
    kind: str  # how it is written and what is known of it
    letters: tuple[str, ...]  # of a word that is no everyday one


@dataclass(frozen=True, slots=True)
class Signs:
    """All signs of a text of n words, in rows of one length laid end to end, as they are looked up.

    `near`: NEAR_SIGNS for each word and for the edges, n + 2 rows. `pairs`: PAIR_SIGNS for each two that stand
    together, the edges among them, n + 1 rows. `own`: OWN_SIGNS for each word, n rows. `letters`: of the words that
    need them.
    """

    spans: list[tuple[int, int]]
    near: list[str]
    pairs: list[str]
    own: list[str]
    letters: list[tuple[int, tuple[str, ...]]]


class Reading:
    """Signs of texts, by one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._words: dict[tuple[str, str], Word] = {}

    def signs(self, text: str) -> Signs:
        """All signs of `text`."""
        spans = token_spans(text)
        words, places = self._words_and_places([text[start:end] for start, end in spans])
        said = [EDGE[0], *(word.said for word in words), EDGE[0]]
        kinds = [EDGE[1], *(word.kind for word in words), EDGE[1]]
        return Signs(
            spans,
            [sign for word, kind in zip(said, kinds, strict=True) for sign in (word, kind if kind != word else NONE)],
            [sign for i in range(len(said) - 1) for sign in _pair(said[i], kinds[i], said[i + 1], kinds[i + 1])],
            _own(kinds, places, _glue(spans)),
            [(place, word.letters) for place, word in enumerate(words) if word.letters],
        )

    def _words_and_places(self, tokens: Sequence[str]) -> tuple[list[Word], list[str]]:
        words: list[Word] = []
        places: list[str] = []
        start = 0
        while start < len(tokens):
            end = _line_end(tokens, start)
            line = tokens[start:end]
            case = _case(line)
            words += [self._word(token, case) for token in line]
            broken = line[-1] == LINE_END
            places += [*_places(len(line) - broken), *(["n"] if broken else [])]
            start = end
        return words, places

    def _word(self, token: str, case: str) -> Word:
        """Kept where the word is in the lexicon: what is not published is never kept."""
        if (kept := self._words.get((token, case))) is not None:
            return kept
        folded = fold(token)
        flags = self._lexicon.get(folded, 0)
        word = _look(token, folded, flags, case)
        if (flags or len(token) == 1) and len(self._words) < _KEPT:
            self._words[token, case] = word
        return word


def _line_end(tokens: Sequence[str], start: int) -> int:
    try:
        return tokens.index(LINE_END, start) + 1
    except ValueError:
        return len(tokens)


def _look(token: str, folded: str, flags: int, case: str) -> Word:
    shape = _shape(token)
    if shape not in _OF_WORDS:
        return Word(shape, shape, ())
    kind = f"{case}{shape}{CODES[flags]}"
    if flags & Known.COMMON:
        return Word(f"={folded}", kind, ())
    return Word(f"?{shape}", kind, _letters(folded))


def _letters(folded: str) -> tuple[str, ...]:
    length = len(folded)
    ends = [f"-{folded[-n:]}" for n in (1, 2, 3, 4) if n <= length]
    starts = [f"{folded[:n]}-" for n in (2, 3, 4) if n <= length]
    return (*ends, *starts, f"#{min(length, 10)}")


def _shape(token: str) -> str:
    """One letter for a word by its capitals, `d` and the length for a number, a mark itself."""
    if "@" in token[1:]:
        return "@@"
    if len(token) > 1 and token.isalnum() and _DIGIT.search(token) and not token.isdecimal():
        return "0x"
    if token[0].isalpha():
        return "://" if token.startswith(("http:", "https:", "www.")) else _capitals(token)
    if token.isdecimal():
        return f"d{min(len(token), 7)}"
    if len(token) == 1:
        return _mark(token)
    return "[]" if token[0] == "[" else "a"


def _capitals(word: str) -> str:
    if word.islower():
        return "a"
    if word.isupper():
        return "U" if len(word) > 1 else "X"
    if word[0].isupper():
        return "A" if word[1:].islower() else "m"
    return "o" if word.lower() == word.upper() else "m"


def _mark(token: str) -> str:
    """A mark itself where it is usual, else what kind of mark it is."""
    if token == LINE_END:
        return "//"
    return token if token.isprintable() and (token.isascii() or token in _USUAL) else f"~{unicodedata.category(token)}"


def _case(line: Sequence[str]) -> str:
    """`l` for a line without capitals (an `I` aside), `u` for one without small letters, else nothing."""
    words = [one for one in line if one[0].isalpha()]
    if all(map(str.islower, words)) or all(word.islower() or word == "I" for word in words):
        return "l"
    if sum(map(len, words)) > 3 and all(map(str.isupper, words)):
        return "u"
    return ""


def _places(length: int) -> list[str]:
    """Where each of `length` words stands on its line, and how long the line is."""
    if length == 0:
        return []
    size = "1234566778888"[min(length, _MOSTLY) - 1]
    middle = [f"{size}m"] * (length - 2)
    return [f"{size}o"] if length == 1 else [f"{size}f", *middle, f"{size}l"]


def _glue(spans: Sequence[tuple[int, int]]) -> list[str]:
    """Whether a blank stands before and after each token."""
    ends = [-1, *(end for _start, end in spans)]
    starts = [start for start, _end in spans] + [-1]
    return [
        ("g" if ends[i] == start else "s") + ("g" if starts[i + 1] == end else "s")
        for i, (start, end) in enumerate(spans)
    ]


def _pair(said: str, kind: str, next_said: str, next_kind: str) -> tuple[str, str, str, str]:
    return f"{said}|{next_said}", f"{said}&{next_kind}", f"{kind}&{next_said}", f"{kind}|{next_kind}"


def _own(kinds: Sequence[str], places: Sequence[str], glue: Sequence[str]) -> list[str]:
    """Where a word stands on its line, between what kinds, and whether blanks are around it."""
    rows = zip(kinds, kinds[1:], kinds[2:], places, glue, strict=False)
    return [
        sign
        for before, kind, after, place, gap in rows
        for sign in (f"{place}{kind}", f"{before} {kind} {after}", f"{gap}{kind}")
    ]
