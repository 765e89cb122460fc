"""A question and a passage as one sequence of word pieces, as the reranker was trained to read them.

Invariant: training and serving cut and join here and nowhere else.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tokenizers import Tokenizer

# Word pieces of a question, and of question, passage and the three marks together.
QUERY = 64
PAIR = 160


class Pair(NamedTuple):
    """Piece numbers, and for each of them 0 (question) or 1 (passage)."""

    ids: list[int]
    types: list[int]


class Pairing:
    """The tokenizer of a BERT; `longest` pieces a pair."""

    def __init__(self, tokenizer: Path, longest: int = PAIR) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(longest)
        self._longest = longest
        self._begin, self._end = self._tokenizer.encode("").ids

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """The pieces of each text, without marks; those that no pair has room for are cut."""
        return [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    def pair(self, query: Sequence[int], passage: Sequence[int]) -> Pair:
        """`[CLS] query [SEP] passage [SEP]`; the passage gives way, the question only beyond QUERY pieces."""
        asked = [self._begin, *query[: min(QUERY, self._longest - 3)], self._end]
        read = [*passage[: self._longest - len(asked) - 1], self._end]
        return Pair(asked + read, [0] * len(asked) + [1] * len(read))
