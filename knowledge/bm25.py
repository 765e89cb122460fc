"""The word arm: Okapi BM25 over posting rows, computed by PostgreSQL in one statement for any number of queries.

Invariant: document frequencies, their number and mean length are those of the passages that the search may see,
counted when it runs, so nothing goes stale as articles change, and a filter changes no formula. A query finds the same,
to the last bit, whatever is asked with it: the parts of a sum are added in the order of its words.

Formula: Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the
non-negative idf ln(1 + (N - n + 0.5) / (n + 0.5)) that Lucene uses. Stock `ts_rank` knows no document frequency.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db import connection

from copilot.language.words import stems
from knowledge.models import Posting
from knowledge.scope import Scope

K1 = 1.2
B = 0.75
# A word of the title or heading tells more about a passage than one of its text (BM25F with one saturation).
HEADING_WEIGHT = 2.0
TERM_LENGTH = 64

_SQL = """
WITH scope AS (
    SELECT count(*)::float AS n, greatest(avg(words), 1) AS mean FROM knowledge_passage WHERE {scope}
), hit AS (
    SELECT posting.term, posting.passage_id, posting.frequency, passage.words
    FROM knowledge_posting posting JOIN knowledge_passage passage ON passage.id = posting.passage_id
    WHERE posting.term = ANY(%(terms)s) AND {scope}
), idf AS (
    SELECT term, ln(1 + (scope.n - count(*) + 0.5) / (count(*) + 0.5)) AS weight FROM hit, scope GROUP BY term, scope.n
)
SELECT query, passage_id, score FROM (
    SELECT query, passage_id, score, row_number() OVER (PARTITION BY query ORDER BY score DESC, passage_id) AS place
    FROM (
        SELECT query, passage_id, sum(
            weight * frequency * (%(k1)s + 1) / (frequency + %(k1)s * (1 - %(b)s + %(b)s * words / mean)) ORDER BY place
        ) AS score
        FROM unnest(%(queries)s::int[], %(words)s::text[]) WITH ORDINALITY AS asked(query, term, place)
        JOIN hit USING (term) JOIN idf USING (term), scope
        GROUP BY query, passage_id
    ) AS scored
) AS ranked
WHERE place <= %(limit)s ORDER BY query, place
"""


def frequencies(title: str, text: str, language: str) -> Counter[str]:
    """Stem frequencies of a passage, those of its title and headings weighted."""
    counts: Counter[str] = Counter(stems(text, language))
    for stem in stems(title, language):
        counts[stem] += HEADING_WEIGHT  # type: ignore[assignment]  # a Counter counts fractions too
    return counts


def postings(passage_id: int, counts: Counter[str]) -> Iterable[Posting]:
    """The rows that let a passage be found by its words."""
    for term, frequency in counts.items():
        yield Posting(term=term[:TERM_LENGTH], passage_id=passage_id, frequency=frequency)


def search(asked: Sequence[Sequence[str]], scope: Scope, limit: int) -> list[dict[int, float]]:
    """For each query, given by its distinct terms: passage ids with their BM25 score, best first, or nothing."""
    found: list[dict[int, float]] = [{} for _ in asked]
    words = [(number, term) for number, terms in enumerate(asked) for term in terms]
    if not words:
        return found
    queries, terms = zip(*words, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL.format(scope=scope.sql),
            {
                "terms": sorted(set(terms)), "queries": list(queries), "words": list(terms), "k1": K1, "b": B,
                "limit": limit, **scope.parameters,
            },
        )  # fmt: skip
        for query, passage, score in cursor.fetchall():
            found[query][passage] = score
    return found
