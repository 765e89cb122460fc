"""Examples to padded batches of tokens: similar lengths together, since a padded token costs as much as a real one."""

from collections.abc import Iterator
from itertools import islice

import torch
from tokenizers import Tokenizer
from torch import Tensor

from training.writer.examples import Example

POOL = 1024
PADDING = 0
IGNORED = -100

Ids = tuple[list[int], list[int]]


def batches(
    found: Iterator[Example], tokenizer: Tokenizer, tokens: int, longest: int
) -> Iterator[tuple[Tensor, Tensor]]:
    """Pairs of source ids (padded with 0) and labels (padded with -100), both of shape (examples, length)."""
    while pool := _encoded(list(islice(found, POOL)), tokenizer, longest):
        yield from _shuffled([_padded(batch) for batch in _packed(pool, tokens)])


def _encoded(some: list[Example], tokenizer: Tokenizer, longest: int) -> list[Ids]:
    """Those that fit: half a reply would teach to stop in the middle."""
    sources = tokenizer.encode_batch([one.source for one in some])
    replies = tokenizer.encode_batch([one.reply for one in some])
    pairs = ((source.ids, reply.ids) for source, reply in zip(sources, replies, strict=True))
    return [pair for pair in pairs if max(map(len, pair)) <= longest]


def _packed(pool: list[Ids], tokens: int) -> list[list[Ids]]:
    packed: list[list[Ids]] = []
    for pair in sorted(pool, key=lambda pair: (len(pair[0]), len(pair[1]))):
        grown = [*packed[-1], pair] if packed else []
        if grown and len(grown) * sum(max(len(one[side]) for one in grown) for side in (0, 1)) <= tokens:
            packed[-1] = grown
        else:
            packed.append([pair])
    return packed


def _padded(batch: list[Ids]) -> tuple[Tensor, Tensor]:
    return _rectangle([pair[0] for pair in batch], PADDING), _rectangle([pair[1] for pair in batch], IGNORED)


def _rectangle(rows: list[list[int]], fill: int) -> Tensor:
    width = max(map(len, rows))
    return torch.tensor([row + [fill] * (width - len(row)) for row in rows])


def _shuffled(made: list[tuple[Tensor, Tensor]]) -> Iterator[tuple[Tensor, Tensor]]:
    order = torch.randperm(len(made)).tolist()
    yield from (made[index] for index in order)
