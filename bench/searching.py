"""How long a search takes: by each arm for one text, and for all that a ticket asks, at once and one by one.

Invariant: both ways of asking several things take turns, ticket by ticket, on vectors made beforehand.
"""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from bench.measure import REPEATS, Row, percentiles
from copilot.drafting.needs import Needs, needs
from copilot.drafting.types import Request
from copilot.engine import embedder
from copilot.privacy import redact
from knowledge.evidence import DEEP, evidence_for
from knowledge.search import search

Asked = TypeVar("Asked")
ARMS = ("bm25", "dense", "hybrid")


def rows(tickets: Sequence[dict[str, str]]) -> list[Row]:
    """Call it inside a scratch database that holds the articles."""
    return [*(_by(arm, tickets) for arm in ARMS), *_asking(tickets)]


def asked(ticket: dict[str, str]) -> Needs:
    """What a sample ticket asks."""
    return needs(Request(redact(ticket["subject"]), redact(ticket["body"]), ticket["lang"]), embedder())


def _by(arm: str, tickets: Sequence[dict[str, str]]) -> Row:
    """Embedding the text included, unless words alone search."""

    def find(ticket: dict[str, str]) -> None:
        body, spoken = redact(ticket["body"]), ticket["lang"]
        search(body, embedder=embedder(), languages=[spoken], audience="customer", k=10, arm=arm)

    times = [_seconds(find, ticket) for _ in range(REPEATS) for ticket in tickets]
    return Row(f"search, {arm}", percentiles(times), "")


def _asking(tickets: Sequence[dict[str, str]]) -> list[Row]:
    every = [asked(ticket) for ticket in tickets] * REPEATS
    pairs = [(_seconds(_one_by_one, one), _seconds(_at_once, one)) for one in every]
    alone, together = ([pair[way] for pair in pairs] for way in (0, 1))
    mean = sum(2 + len(one.needs) for one in every) / len(every)
    return [
        Row(f"search, {mean:.1f} texts a ticket, at once", percentiles(together), ""),
        Row("  one by one", percentiles(alone), f"at once: {sum(together) / sum(alone):.2f} x the time"),
    ]


def _at_once(one: Needs) -> None:
    evidence_for(one, one.language, embedder())


def _one_by_one(one: Needs) -> None:
    for need in (one.whole, *one.needs, one.subject):
        search(
            need.text, embedder=embedder(), languages=[one.language], audience="customer", k=DEEP, vector=need.vector
        )


def _seconds(work: Callable[[Asked], None], one: Asked) -> float:
    started = time.perf_counter()
    work(one)
    return time.perf_counter() - started
