"""Search as the knowledge base grows: how long, how exact, what the index takes, and what a page of the desk takes.

Invariant: what an arm finds is timed on the questions on which it is compared with the exact search; both are made of
numbers (`bench.filling`), so a size says nothing of how good an answer is.
"""

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from django.db import connection
from django.test import Client
from django.urls import reverse

from bench.filling import Numbers, fill, questions
from bench.measure import Row, percentiles
from copilot.engine import embedder
from copilot.privacy import redact
from evaluation.scratch import scratch_database
from knowledge import bm25, corpus, dense, nearness
from knowledge.ranking import CANDIDATES, Arms, rankings
from knowledge.scope import EVERY_LANGUAGE, Audience, Scope
from tickets.models import User
from tickets.models.people import Role

SIZES = (1_000, 100_000)
QUESTIONS = 100
WEIGHT = 0.78
AUDIENCES: tuple[Audience, ...] = ("customer", "agent")

Found = TypeVar("Found")


class Asked(NamedTuple):
    """What is asked: words that many passages share, and a vector near to one, shape (384,)."""

    words: str
    vector: Numbers


def rows(sizes: Sequence[int] = SIZES) -> list[Row]:
    """Each size in a scratch database of its own."""
    return [row for size in sizes for row in _of(size)]


def _of(size: int) -> list[Row]:
    recipe = embedder().recipe
    with scratch_database():
        started = time.perf_counter()
        fill(size, recipe)
        print(f"{size:,} passages written in {time.perf_counter() - started:.0f} s")
        corpus.forget()
        rows = [Row(f"{size:,} passages", "", ""), *_building(size)]
        for language in EVERY_LANGUAGE:
            asked = [Asked(*one) for one in questions(QUESTIONS, recipe, language)]
            rows += [row for audience in AUDIENCES for row in _searching(asked, recipe, Scope([language], audience))]
        return [*rows, *_pages(asked)]


def _building(size: int) -> list[Row]:
    """The index over vectors, where there are enough for one."""
    started = time.perf_counter()
    built = nearness.keep_indexes()
    seconds = time.perf_counter() - started
    if not built:
        return [Row("  index over vectors", "none", "so few are searched exactly")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(pg_relation_size(name::regclass)) FROM unnest(%s::text[]) AS name", [built])
        [taken] = cursor.fetchone()
    return [Row("  index over vectors", f"built in {seconds:.0f} s", f"{float(taken) / size:,.0f} bytes a passage")]


def _searching(asked: Sequence[Asked], recipe: str, scope: Scope) -> list[Row]:
    return [_words(asked, scope), _meaning(asked, recipe, scope), _both(asked, recipe, scope)]


def _words(asked: Sequence[Asked], scope: Scope) -> Row:
    times, _ = _timed(lambda one: bm25.search([one.words.split()], scope, CANDIDATES), asked)
    return Row(f"  words, {_named(scope)}", percentiles(times), "")


def _meaning(asked: Sequence[Asked], recipe: str, scope: Scope) -> Row:
    times, found = _timed(lambda one: dense.search([one.vector], recipe, scope, CANDIDATES)[0], asked)
    exact_times, exact = _timed(lambda one: dense.exactly([one.vector], recipe, scope, CANDIDATES)[0], asked)
    # Of as many as were found: an index is asked for fewer.
    nearest = [list(true)[: len(one)] for one, true in zip(found, exact, strict=True)]
    recall = sum(len(one.keys() & set(true)) / len(true) for one, true in zip(found, nearest, strict=True)) / len(asked)
    against = f"recall {recall:.3f}; {sum(times) / sum(exact_times):.2f} x the time of exact search"
    return Row(f"  meaning, {_named(scope)}", percentiles(times), against)


def _both(asked: Sequence[Asked], recipe: str, scope: Scope) -> Row:
    """Without embedding the question, and without reading the passages."""
    arms = Arms(scope.languages, recipe, scope, WEIGHT)
    times, _ = _timed(lambda one: rankings([redact(one.words)], [one.vector], arms, 10), asked)
    return Row(f"  both, {_named(scope)}", percentiles(times), "")


def _pages(asked: Sequence[Asked]) -> list[Row]:
    """What the web process takes, from the request to its last byte: sessions, and embedding where vectors search."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.create_user("bench", role=Role.AGENT))
    pages = {
        "passages as one types": (reverse("suggest"), {}),
        "search, both languages": (reverse("api_search"), {}),
        "search, one language": (reverse("api_search"), {"language": "fr"}),
    }
    return [_page(client, name, *page, asked) for name, page in pages.items()]


def _page(client: Client, name: str, address: str, also: dict[str, str], asked: Sequence[Asked]) -> Row:
    times, answers = _timed(lambda one: client.get(address, {"q": one.words, **also}), asked)
    if any(answer.status_code != 200 for answer in answers):
        raise RuntimeError(f"{address} answered {answers[0].status_code}")
    return Row(f"  web: {name}", percentiles(times), "")


def _named(scope: Scope) -> str:
    return f"{'+'.join(scope.languages)}, {scope.audience}"


def _timed(work: Callable[[Asked], Found], asked: Sequence[Asked]) -> tuple[list[float], list[Found]]:
    times, found = [], []
    for one in [asked[0], *asked]:  # the first once more, to warm up
        started = time.perf_counter()
        found.append(work(one))
        times.append(time.perf_counter() - started)
    return times[1:], found[1:]
