"""The word arm: Okapi BM25 over posting rows, computed by PostgreSQL in one statement.

Invariant: document frequencies, their number and mean length are those of the passages that the search may see,
counted when it runs, so nothing goes stale as articles change, and a filter changes no formula.

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
SELECT passage_id,
       sum(weight * frequency * (%(k1)s + 1) / (frequency + %(k1)s * (1 - %(b)s + %(b)s * words / mean))) AS score
FROM hit JOIN idf USING (term), scope
GROUP BY passage_id ORDER BY score DESC, passage_id LIMIT %(limit)s
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


def search(terms: Sequence[str], scope: Scope, limit: int) -> dict[int, float]:
    """Passage ids with their BM25 score, best first; empty when no term is known."""
    if not terms:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL.format(scope=scope.sql),
            {"terms": list(terms), "k1": K1, "b": B, "limit": limit, **scope.parameters},
        )
        return dict(cursor.fetchall())
