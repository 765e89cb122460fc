"""A knowledge base of any size, made of numbers: passages, their words and their vectors, written by COPY.

Vectors gather around topics and articles as those of a help centre do, with noise in every dimension, which is harder
for an index than what an embedder makes. Words are drawn by Zipf's law, the commonest standing in about every third
passage. One passage in ten is internal, three in ten are French, as filters are what an index may stumble over.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from django.db import connection

from bench import copying
from bench.copying import Fields
from knowledge.models import Article, ArticleVersion, Passage, PassageVector, Posting, Recipe, Source, Term

DIMENSIONS = 384
PASSAGES_OF_AN_ARTICLE = 10
TOPICS = 500
VOCABULARY = 50_000
WORDS = 45
BLOCK = 20_000
SHELVES = [("en", "public"), ("en", "internal"), ("fr", "public"), ("fr", "internal")]
PARTS = [0.63, 0.07, 0.27, 0.03]

Numbers = npt.NDArray[np.float32]
Keys = npt.NDArray[np.int64]


def fill(passages: int, recipe: str) -> None:
    """Write them into the empty database that is connected, under a serving recipe."""
    chance = np.random.default_rng(1)
    source = Source.objects.create(name=f"{passages} passages", kind=Source.Kind.OWN)
    kept = Recipe.objects.create(name=recipe, state=Recipe.State.SERVING)
    _terms()
    topics = _unit(chance.normal(size=(TOPICS, DIMENSIONS)))
    for start in range(0, passages, BLOCK):
        keys = np.arange(start + 1, min(start + BLOCK, passages) + 1)
        shelves = chance.choice(len(SHELVES), len(keys), p=PARTS)
        _articles(source.pk, keys)
        _passages(keys, shelves)
        _postings(keys, shelves, chance)
        _vectors(keys, kept.pk, shelves, topics, chance)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as autovacuum does within the minute


def questions(count: int, recipe: str, language: str) -> list[tuple[str, Numbers]]:
    """Words and a vector for each, both near to a passage's: what a question that has an answer looks like."""
    chance = np.random.default_rng(2)
    public = Passage.objects.filter(language=language, visibility="public").order_by("pk").values_list("pk", flat=True)
    keys = chance.choice(np.array(public), count).tolist()
    vectors = PassageVector.objects.filter(recipe__name=recipe).in_bulk([(key, _recipe_id(recipe)) for key in keys])
    return [(_words(key, chance), _asked(vectors[key, _recipe_id(recipe)].vector, chance)) for key in keys]


def _recipe_id(recipe: str) -> int:
    return Recipe.objects.get(name=recipe).pk


def _words(key: int, chance: np.random.Generator) -> str:
    own = list(Posting.objects.filter(passage=key).order_by("term").values_list("term__stem", flat=True))
    return " ".join([*chance.choice(own, 6, replace=False), *(f"w{rank}" for rank in _ranks(chance, (2,)).tolist())])


def _asked(vector: list[float], chance: np.random.Generator) -> Numbers:
    near = np.asarray(vector, dtype=np.float32)
    return np.asarray(_unit(0.75 * near + 0.65 * _unit(chance.normal(size=DIMENSIONS))), dtype=np.float32)


def _articles(source: int, keys: Keys) -> None:
    whose = range((int(keys[0]) - 1) // PASSAGES_OF_AN_ARTICLE + 1, (int(keys[-1]) - 1) // PASSAGES_OF_AN_ARTICLE + 2)
    Article.objects.bulk_create(
        (Article(pk=key, source_id=source, external_id=f"a{key}") for key in whose), ignore_conflicts=True
    )
    ArticleVersion.objects.bulk_create(
        (
            ArticleVersion(pk=key, article_id=key, number=1, title=f"Article {key}", language="en", body="",
                           visibility="public", fingerprint=str(key))
            for key in whose
        ), ignore_conflicts=True,
    )  # fmt: skip


def _passages(keys: Keys, shelves: Keys) -> None:
    rows = (
        (key, (key - 1) // PASSAGES_OF_AN_ARTICLE + 1, key % PASSAGES_OF_AN_ARTICLE, "", "",
         f"Passage {key}. " + "It says something that nobody reads here. " * 15, *SHELVES[shelf], True, WORDS * 2.0)
        for key, shelf in zip(keys.tolist(), shelves.tolist(), strict=True)
    )  # fmt: skip
    names = "id, version_id, position, heading, anchor, text, language, visibility, current, words"
    types = ["int8", "int8", "int4", "varchar", "varchar", "text", "varchar", "varchar", "bool", "float8"]
    _copy(Passage._meta.db_table, names, types, rows)


def _terms() -> None:
    """Every word on every shelf, so that the key follows from both."""
    rows = (
        (shelf * VOCABULARY + rank, f"w{rank}", *names)
        for shelf, names in enumerate(SHELVES)
        for rank in range(VOCABULARY)
    )
    _copy(Term._meta.db_table, "id, stem, language, visibility", ["int4", "varchar", "varchar", "varchar"], rows)


def _postings(keys: Keys, shelves: Keys, chance: np.random.Generator) -> None:
    """A word that is drawn twice for a passage stands there once."""
    terms = np.sort(_ranks(chance, (len(keys), WORDS)) + shelves[:, None] * VOCABULARY, axis=1)
    rows, places = np.nonzero(np.diff(terms, axis=1, prepend=-1))
    fields: Fields = [
        ("term_id", ">i4", terms[rows, places]), ("frequency", ">f4", np.ones(len(rows))),
        ("passage_id", ">i8", keys[rows]), ("words", ">f4", np.full(len(rows), WORDS * 2.0)),
    ]  # fmt: skip
    copying.write(Posting._meta.db_table, fields)


def _ranks(chance: np.random.Generator, shape: tuple[int, ...]) -> npt.NDArray[np.int64]:
    """Zipf and Mandelbrot: the chance of rank r falls as 1 / (r + 12), stop words being gone."""
    weights = 1 / (np.arange(VOCABULARY) + 12.0)
    return np.searchsorted(np.cumsum(weights / weights.sum()), chance.random(shape)).astype(np.int64)


def _vectors(keys: Keys, recipe: int, shelves: Keys, topics: Numbers, chance: np.random.Generator) -> None:
    articles, whose = np.unique((keys - 1) // PASSAGES_OF_AN_ARTICLE, return_inverse=True)
    homes = _unit(0.55 * topics[articles % TOPICS] + 0.6 * _unit(chance.normal(size=(len(articles), DIMENSIONS))))
    made = _unit(0.75 * homes[whose] + 0.65 * _unit(chance.normal(size=(len(keys), DIMENSIONS))))
    names = np.array(SHELVES, dtype="S")[shelves]
    for language, visibility in SHELVES:
        own = np.nonzero((names == np.array((language, visibility), dtype="S")).all(axis=1))[0]
        fields: Fields = [
            ("passage_id", ">i8", keys[own]), ("recipe_id", ">i8", np.full(len(own), recipe)),
            ("language", "S2", np.full(len(own), language.encode())),
            ("visibility", f"S{len(visibility)}", np.full(len(own), visibility.encode())),
            ("vector", copying.HALFVEC, copying.halfvec(made[own])),
        ]  # fmt: skip
        copying.write(PassageVector._meta.db_table, fields)


def _copy(table: str, names: str, types: Sequence[str], rows: Iterator[tuple[object, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT binary)") as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def _unit(vectors: npt.NDArray[np.floating]) -> Numbers:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), dtype=np.float32)
