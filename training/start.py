"""The student before its first step: MiniLM with French words placed where their English translations are.

The idea is trans-tokenisation (Remy et al., "Trans-Tokenization and Cross-lingual Vocabulary Transfers", 2024): a new
word starts as the mean of what it translates to, so that the layers above, which know English, understand it at once.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from training.alignment import align
from training.corpora import Pair
from training.vocabulary import RATIO, words

Rows = npt.NDArray[np.float32]
TRANSLATIONS = 4
LIKELY = 0.08  # a translation below this is noise of the alignment
LEAST_SEEN = 3
MOST_CHANGED = 0.8  # an old piece keeps at least a fifth of what it was: "pour" is English too


@dataclass(frozen=True, slots=True)
class Dictionary:
    """For a French word, its likeliest English words with their shares (adding up to 1)."""

    translations: Mapping[str, Sequence[tuple[str, float]]]


def dictionary(tokenizer: Tokenizer, pairs: Sequence[Pair]) -> Dictionary:
    """What the words of `pairs` translate to; words seen less than LEAST_SEEN times are left out."""
    english = [words(tokenizer, pair.english) for pair in pairs]
    french = [words(tokenizer, pair.french) for pair in pairs]
    names_e, numbers_e = _numbered(english)
    names_f, numbers_f = _numbered(french)
    table = align(numbers_f, numbers_e, len(names_e))
    seen = Counter(word for sentence in french for word in sentence)
    found: dict[str, list[tuple[str, float]]] = {}
    for i in np.lexsort((-table.weight, table.french)):
        word, meaning, weight = names_f[table.french[i]], names_e[table.english[i]], float(table.weight[i])
        if weight >= LIKELY and meaning.isalpha() and word.isalpha() and seen[word] >= LEAST_SEEN:
            found.setdefault(word, []).append((meaning, weight))
    return Dictionary({word: _shares(meanings[:TRANSLATIONS]) for word, meanings in found.items()})


def _numbered(sentences: Sequence[Sequence[str]]) -> tuple[list[str], list[npt.NDArray[np.int64]]]:
    numbers = {word: i for i, word in enumerate(dict.fromkeys(word for sentence in sentences for word in sentence))}
    return list(numbers), [np.array([numbers[word] for word in s], dtype=np.int64) for s in sentences]


def _shares(meanings: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Squared, so that the likeliest meanings count most: rarer ones are often neighbours of the translation."""
    total = sum(weight**2 for _, weight in meanings)
    return [(word, weight**2 / total) for word, weight in meanings]


def rows(
    old: Tokenizer, new: Tokenizer, embeddings: Rows, known: Dictionary, french: Counter[str], english: Counter[str]
) -> Rows:
    """The student's word embeddings, shape (pieces of `new`, width), from MiniLM's, shape (pieces of `old`, width)."""
    before, after = old.get_vocab(), new.get_vocab()
    table = np.zeros((len(after), embeddings.shape[1]), dtype=np.float32)
    for piece, number in after.items():
        meaning = _meaning(old, embeddings, known.translations.get(piece, ()))
        if piece not in before:
            table[number] = _pieces(old, embeddings, piece) if meaning is None else meaning
        else:
            share = 0.0 if meaning is None else MOST_CHANGED * _frenchness(french[piece], english[piece])
            table[number] = (1 - share) * embeddings[before[piece]] + (share * meaning if meaning is not None else 0)
    return table


def _frenchness(french: int, english: int) -> float:
    return french / (french + RATIO * english) if french else 0.0


def _meaning(old: Tokenizer, embeddings: Rows, meanings: Iterable[tuple[str, float]]) -> Rows | None:
    """The mean of the English words, as long as they are on average: a plain mean would be too short."""
    parts = [(_pieces(old, embeddings, word), share) for word, share in meanings]
    if not parts:
        return None
    mean = sum((share * vector for vector, share in parts), np.zeros(embeddings.shape[1], dtype=np.float32))
    length = sum(share * float(np.linalg.norm(vector)) for vector, share in parts)
    return np.asarray(mean * (length / float(np.linalg.norm(mean))), dtype=np.float32)


def _pieces(old: Tokenizer, embeddings: Rows, word: str) -> Rows:
    ids = old.encode(word, add_special_tokens=False).ids
    return np.asarray(embeddings[ids].mean(axis=0), dtype=np.float32)
