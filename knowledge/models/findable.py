"""What makes passages findable: their words, the abbreviations they explain, and their vectors.

Invariant: only current passages have any, and a passage never changes; so what a search filters by can stand in these
rows too, and neither arm has to read the passages.
"""

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from pgvector.django import HalfVectorField

from knowledge.models.article import Passage, Visibility
from knowledge.models.recipe import Recipe


class Real(models.FloatField):  # type: ignore[type-arg]
    """A number in four bytes: exact for whole numbers up to 16 million, and there are many rows."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """PostgreSQL's name for it."""
        return "real"


class Term(models.Model):
    """A stemmed word of passages of one language and visibility. Stays when its last passage goes: it will be back."""

    id = models.AutoField(primary_key=True)
    stem = models.CharField(max_length=64)
    language = models.CharField(max_length=2)
    visibility = models.CharField(max_length=10, choices=Visibility.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stem", "language", "visibility"], name="one_row_per_term")]

    def __str__(self) -> str:
        return self.stem


class Posting(models.Model):
    """How often a term occurs in a passage (headings count more), and how many words that passage has.

    The primary key's index holds both numbers, so that a search reads nothing else (migration 0007).
    """

    pk = models.CompositePrimaryKey("term_id", "passage_id")
    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="postings", db_index=False)
    frequency = Real()
    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="postings", db_index=True)
    words = Real()

    class Meta:
        verbose_name = "posting"

    def __str__(self) -> str:
        return f"{self.term_id} in {self.passage_id}"


class Abbreviation(models.Model):
    """A passage says what a short form, folded, stands for."""

    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="abbreviations")
    short = models.CharField(max_length=10)
    long = models.CharField(max_length=100)
    language = models.CharField(max_length=2)
    visibility = models.CharField(max_length=10, choices=Visibility.choices)

    class Meta:
        indexes = [models.Index(fields=["short", "passage"], name="what_a_short_form_means")]

    def __str__(self) -> str:
        return self.short


class PassageVector(models.Model):
    """What a passage means to one embedder; vectors of several recipes stand side by side and are never compared."""

    pk = models.CompositePrimaryKey("passage_id", "recipe_id")
    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="vectors", db_index=False)
    recipe = models.ForeignKey(Recipe, on_delete=models.CASCADE, related_name="vectors", db_index=False)
    language = models.CharField(max_length=2)
    visibility = models.CharField(max_length=10, choices=Visibility.choices)
    vector = HalfVectorField(dimensions=384)

    class Meta:
        verbose_name = "vector"

    def __str__(self) -> str:
        return f"{self.passage_id} by {self.recipe_id}"
