"""The word arm: Okapi BM25 over posting rows, computed by PostgreSQL for any number of queries in two statements.

Invariant: document frequencies are those of the passages that the search may see, counted when it runs, so nothing
goes stale as articles change, and a filter changes no formula. A query finds the same, to the last bit, whatever is
asked with it: scores are sums of whole numbers, which may be added in any order.

Formula: Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the
non-negative idf ln(1 + (N - n + 0.5) / (n + 0.5)) that Lucene uses. Stock `ts_rank` knows no document frequency.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from django.db import connection

from knowledge import corpus
from knowledge.corpus import Corpus
from knowledge.postings import cut
from knowledge.scope import Scope

K1 = 1.2
B = 0.75
# A query reads all passages of its rarest words, until they are this many; the commoner ones are looked up only for
# the best of those (as in "MaxScore": Turtle & Flood, "Query evaluation: strategies and optimizations", 1995).
ROWS = 20_000
# Of which it keeps so many times the limit, as the common words may change their order.
DEPTH = 2
# A score's unit is 2^-24: the largest that a word can give (idf 16, times K1 + 1) still fits four bytes.
_UNIT = 2**24

_COUNT = """
SELECT stem, term.id, (SELECT count(*) FROM knowledge_posting posting WHERE posting.term_id = term.id)
FROM knowledge_term term WHERE stem = ANY(%(stems)s) AND {scope}
"""
_PART = """coalesce(sum(round(
    asked.weight * frequency / (frequency + %(k1)s * (1 - %(b)s + %(b)s * words / %(mean)s)))::int), 0)"""
_SCORE = """
WITH asked AS MATERIALIZED (
    SELECT * FROM unnest(%(queries)s::int[], %(terms)s::int[], %(weights)s::float[], %(rare)s::bool[])
    AS asked(query, term_id, weight, is_rare)
)
SELECT one.query, best.passage_id, best.score + common.score
FROM (SELECT DISTINCT query FROM asked) one
CROSS JOIN LATERAL (
    SELECT passage_id, {part} AS score FROM asked JOIN knowledge_posting USING (term_id)
    WHERE asked.query = one.query AND is_rare GROUP BY passage_id ORDER BY score DESC, passage_id LIMIT %(deep)s
) best
CROSS JOIN LATERAL (
    SELECT {part} AS score FROM asked JOIN knowledge_posting posting USING (term_id)
    WHERE asked.query = one.query AND NOT is_rare AND posting.passage_id = best.passage_id
) common
ORDER BY 1, 3 DESC, 2
""".replace("{part}", _PART)


class Word(NamedTuple):
    """A stem's terms in the languages and visibilities of a scope, and the passages that have it."""

    terms: list[int]
    passages: int


class Row(NamedTuple):
    """A term of a query as the statement takes it."""

    query: int
    term: int
    weight: float
    is_rare: bool


def search(asked: Sequence[Sequence[str]], scope: Scope, limit: int) -> list[dict[int, float]]:
    """For each query, given by its distinct stems: passage ids with their BM25 score, best first, or nothing.

    Exact, unless the words of a query stand in more than ROWS passages: what has none of its rarest words is not found
    then.
    """
    found: list[dict[int, float]] = [{} for _ in asked]
    words = _words({stem for stems in asked for stem in cut(stems)}, scope)
    if not words:
        return found
    seen = corpus.of(scope)
    rows = [row for query, stems in enumerate(asked) for row in _rows(query, _known(stems, words), seen)]
    for query, passage, score in _scored(rows, seen.mean, limit * DEPTH):
        if len(found[query]) < limit:
            found[query][passage] = score / _UNIT
    return found


def _known(stems: Iterable[str], words: dict[str, Word]) -> list[Word]:
    """Those that occur at all, the rarest first."""
    return sorted((words[stem] for stem in dict.fromkeys(cut(stems)) if stem in words), key=lambda word: word.passages)


def _rows(query: int, words: Sequence[Word], seen: Corpus) -> Iterator[Row]:
    read = 0
    for word in words:
        is_rare = read < ROWS
        read += word.passages
        # What is counted afresh may be more than what was counted a minute ago.
        idf = math.log(1 + (max(seen.passages - word.passages, 0) + 0.5) / (word.passages + 0.5))
        yield from (Row(query, term, idf * (K1 + 1) * _UNIT, is_rare) for term in word.terms)


def _words(stems: set[str], scope: Scope) -> dict[str, Word]:
    words: dict[str, Word] = {}
    if not stems:
        return words
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(scope=scope.sql), {"stems": sorted(stems), **scope.parameters})
        for stem, term, passages in cursor.fetchall():
            if passages:
                terms, others = words.get(stem, Word([], 0))
                words[stem] = Word([*terms, term], others + passages)
    return words


def _scored(rows: Sequence[Row], mean: float, deep: int) -> list[tuple[int, int, int]]:
    if not rows:
        return []
    queries, terms, weights, rare = (list(column) for column in zip(*rows, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            _SCORE,
            {"queries": queries, "terms": terms, "weights": weights, "rare": rare, "k1": K1, "b": B, "mean": mean,
             "deep": deep},
        )  # fmt: skip
        scored: list[tuple[int, int, int]] = cursor.fetchall()
        return scored
