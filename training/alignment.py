"""Which English words a French word translates to, learnt from sentence pairs.

IBM Model 1 (Brown et al., "The Mathematics of Statistical Machine Translation", 1993) in both directions over the
same links, and the geometric mean of what they count: where both agree it is a translation, where one alone speaks
it is a rare word that caught what nobody else explained.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

ROUNDS = 4
LONGEST = 60  # words of a sentence that are read: long ones align badly and cost the square


@dataclass(frozen=True, slots=True)
class Table:
    """`weight[i]` = P(English word `english[i]` | French word `french[i]`), by French word."""

    french: npt.NDArray[np.int64]
    english: npt.NDArray[np.int64]
    weight: npt.NDArray[np.float64]


Sentence = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Links:
    """Distinct word pairs `met` (French number x words + English number), and of every link its pair and tokens."""

    met: Sentence
    pair: Sentence
    english_token: Sentence
    french_token: Sentence


def align(french: Sequence[Sentence], english: Sequence[Sentence], words: int, rounds: int = ROUNDS) -> Table:
    """Translation probabilities from aligned sentences of word numbers (English ones below `words`)."""
    links = _links(french, english, words)
    french_of, english_of = links.met // words, links.met % words
    forward = _count(links.pair, links.english_token, french_of, rounds)
    backward = _count(links.pair, links.french_token, english_of, rounds)
    both = np.sqrt(forward * backward)
    return Table(french_of, english_of, both / np.bincount(french_of, weights=both)[french_of])


def _count(pair: Sentence, token: Sentence, origin: Sentence, rounds: int) -> Floats:
    """How often each word pair is a translation, when every token was made by one word of the other sentence.

    `origin[i]` is the making word of pair i; `pair` and `token` say, by link, which pair it is and which token made.
    """
    given = counts = np.ones(len(origin))
    for _ in range(rounds):
        by_link = given[pair]
        share = by_link / np.bincount(token, weights=by_link)[token]
        counts = np.bincount(pair, weights=share, minlength=len(origin)).astype(np.float64)
        given = counts / np.bincount(origin, weights=counts)[origin]
    return counts


def _links(french: Sequence[Sentence], english: Sequence[Sentence], words: int) -> _Links:
    """Every French word of a sentence with every English one of its twin."""
    keys, english_tokens, french_tokens, first_e, first_f = [], [], [], 0, 0
    for f_words, e_words in zip(french, english, strict=True):
        said, meant = f_words[:LONGEST], e_words[:LONGEST]
        keys.append((said[:, None] * words + meant[None, :]).ravel())
        english_tokens.append(np.tile(np.arange(first_e, first_e + len(meant)), len(said)))
        french_tokens.append(np.repeat(np.arange(first_f, first_f + len(said)), len(meant)))
        first_e, first_f = first_e + len(meant), first_f + len(said)
    met, pair = np.unique(np.concatenate(keys), return_inverse=True)
    return _Links(met, pair, np.concatenate(english_tokens), np.concatenate(french_tokens))
