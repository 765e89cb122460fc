"""What models are given, told to whoever watches: which model, how much, how long, a keyed hash; never the text.

Invariant: every exit to a model (embedder, classifier, reader, reranker, generator) wraps its work in `made`. Outside
of `observed` that costs a look at a variable; so measuring commands, benches and tests pay nothing.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal, NamedTuple

from copilot.privacy.audit.rows import digest_of

Kind = Literal["embed", "classify", "read", "rerank", "generate"]


@dataclass(frozen=True, slots=True)
class Call:
    """One call: `items` texts of `characters` in all, their keyed hash, and whether it raised."""

    kind: Kind
    model: str
    items: int
    characters: int
    milliseconds: float
    digest: str
    failed: bool


Observer = Callable[[Call], None]


class _Watch(NamedTuple):
    observer: Observer
    key: bytes


_watch: ContextVar[_Watch | None] = ContextVar("watch", default=None)


@contextmanager
def observed(observer: Observer, key: bytes) -> Iterator[None]:
    """Every call that is made inside, by this thread, is told to `observer`, its texts hashed with `key`."""
    token = _watch.set(_Watch(observer, key))
    try:
        yield
    finally:
        _watch.reset(token)


@contextmanager
def made(kind: Kind, model: str, texts: Callable[[], Sequence[str]]) -> Iterator[None]:
    """The work of `model` on `texts`, which are asked for only when somebody watches."""
    watch = _watch.get()
    if watch is None:
        yield
        return
    started, failed = time.perf_counter(), True
    try:
        yield
        failed = False
    finally:
        taken = 1000 * (time.perf_counter() - started)
        given = texts()
        digest = digest_of(given, watch.key)
        watch.observer(Call(kind, model, len(given), sum(map(len, given)), taken, digest, failed))
