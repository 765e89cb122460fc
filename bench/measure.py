"""Timing: medians over repeats, since these machines are shared."""

import statistics
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from evaluation.retrieval import percentile

REPEATS = 3


class Row(NamedTuple):
    """A line of the table."""

    what: str
    figure: str
    against: str


def rate(work: Callable[[], object], items: int) -> float:
    """Items a second: the median of three runs after one to warm up."""
    work()
    seconds = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return items / statistics.median(seconds)


def percentiles(seconds: Sequence[float]) -> str:
    """Median and 95th percentile, in milliseconds."""
    ordered = sorted(seconds)
    median, late = (percentile(ordered, part) * 1000 for part in (50, 95))
    return f"p50 {median:.{_digits(median)}f} ms, p95 {late:.{_digits(late)}f} ms"


def _digits(milliseconds: float) -> int:
    return 0 if milliseconds >= 10 or not milliseconds else 1
