"""MiniLM's vocabulary with French words in it.

Invariant: English text keeps the pieces it had. Only whole words are added, only those that English text hardly
uses, and they take the places of pieces that neither language needs (scripts we do not serve, `[unused…]`) before
any is appended; so English vectors change by training alone.
"""

import json
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log1p

from tokenizers import Tokenizer

# French words that MiniLM cuts into pieces: a word is added when it is this frequent…
LEAST = 4
# …and at least this many times more frequent in French than in English text.
RATIO = 20
LONGEST = 16  # letters; beyond are identifiers


def words(tokenizer: Tokenizer, text: str) -> list[str]:
    """The words that the tokenizer sees: lower case, without accents, punctuation apart."""
    normal = tokenizer.normalizer.normalize_str(text)
    return [word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(normal)]


def choose(french: Mapping[str, Counter[str]], english: Counter[str], known: Iterable[str], limit: int) -> list[str]:
    """At most `limit` French words worth a place, best first; `french` counts words by source.

    A word that many sources use comes before one that a single manual repeats: sum over sources of log(1 + count).
    """
    total: Counter[str] = Counter()
    value: dict[str, float] = defaultdict(float)
    for counts in french.values():
        for word, count in counts.items():
            total[word] += count
            value[word] += log1p(count)
    taken = set(known)
    worth = [
        word for word in total
        if word.isalpha() and 2 < len(word) <= LONGEST and word not in taken and is_latin(word)
        and total[word] >= max(LEAST, RATIO * english[word])
    ]  # fmt: skip
    return sorted(worth, key=lambda word: (-value[word], word))[:limit]


def is_latin(text: str) -> bool:
    """Whether every letter of `text` is of the Latin script."""
    return all("LATIN" in unicodedata.name(letter, "") for letter in text if letter.isalpha())


def prefix_uses(tokenizer: Tokenizer, added: Sequence[str], english: Counter[str]) -> Counter[str]:
    """How often English text would meet each of `added` as the beginning of a longer word ("ardu" in "arduino")."""
    new, uses = set(added), Counter[str]()
    for word, encoding in zip(english, tokenizer.encode_batch(list(english), add_special_tokens=False), strict=True):
        uses.update({piece: english[word] for piece in encoding.tokens if piece in new})
    return uses


def extend(tokenizer: Tokenizer, added: Sequence[str]) -> Tokenizer:
    """A tokenizer that also knows `added`; every piece that stays keeps its number."""
    spec = json.loads(tokenizer.to_str())
    vocabulary: dict[str, int] = spec["model"]["vocab"]
    free = sorted(number for piece, number in vocabulary.items() if _is_useless(piece))[: len(added)]
    places = [*free, *range(len(vocabulary), len(vocabulary) + len(added) - len(free))]
    taken = set(places)
    kept = {piece: number for piece, number in vocabulary.items() if number not in taken}
    numbered = {**kept, **dict(zip(added, places, strict=True))}
    spec["model"]["vocab"] = dict(sorted(numbered.items(), key=lambda item: item[1]))
    return Tokenizer.from_str(json.dumps(spec))


def _is_useless(piece: str) -> bool:
    return piece.startswith("[unused") or not is_latin(piece.removeprefix("##"))
