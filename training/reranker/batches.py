"""Lists as tensors: cut and joined as they are served, similar lengths together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from copilot.inference.pairs import Pair, Pairing
from training.reranker.lists import Listed

# Lists among which neighbours in length are looked for.
POOL = 128


@dataclass(frozen=True, slots=True)
class Batch:
    """Pairs of whole lists of `many` passages, shape (pairs, longest); the first pair of each list answers."""

    ids: Tensor
    types: Tensor
    mask: Tensor
    many: int


def encoded(lists: Sequence[Listed], tokenizer: Path, longest: int) -> list[list[Pair]]:
    """The pairs of each list, once for the whole run."""
    pairing = Pairing(tokenizer, longest)
    queries = pairing.pieces([one.query for one in lists])
    passages = iter(pairing.pieces([passage for one in lists for passage in one.passages]))
    return [
        [pairing.pair(query, next(passages)) for _ in one.passages] for one, query in zip(lists, queries, strict=True)
    ]


def batches(lists: Sequence[Sequence[Pair]], tokens: int, seed: int) -> Iterator[Batch]:
    """Batches without end, every list once before any is read again; all lists are of one size."""
    chance = np.random.default_rng(seed)
    while True:
        order = chance.permutation(len(lists))
        for start in range(0, len(order), POOL):
            pool = [lists[i] for i in order[start : start + POOL]]
            packed = _packed(sorted(pool, key=_longest), tokens)
            yield from (
                padded([pair for one in packed[i] for pair in one], len(pool[0]))
                for i in chance.permutation(len(packed))
            )


def _longest(one: Sequence[Pair]) -> int:
    return max(len(pair.ids) for pair in one)


def _packed(pool: Sequence[Sequence[Pair]], tokens: int) -> list[list[Sequence[Pair]]]:
    packed: list[list[Sequence[Pair]]] = []
    for one in pool:
        if packed and (len(packed[-1]) + 1) * len(one) * _longest(one) <= tokens:
            packed[-1].append(one)
        else:
            packed.append([one])
    return packed


def padded(pairs: Sequence[Pair], many: int) -> Batch:
    """Pairs as rectangles filled with 0."""
    width = max(len(pair.ids) for pair in pairs)
    ids, types = torch.zeros(len(pairs), width, dtype=torch.long), torch.zeros(len(pairs), width, dtype=torch.long)
    mask = torch.zeros(len(pairs), width, dtype=torch.long)
    for row, pair in enumerate(pairs):
        ids[row, : len(pair.ids)] = torch.tensor(pair.ids)
        types[row, : len(pair.types)] = torch.tensor(pair.types)
        mask[row, : len(pair.ids)] = 1
    return Batch(ids, types, mask, many)
