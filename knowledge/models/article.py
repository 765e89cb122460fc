"""Articles and their versions, cut into passages.

Invariant: an article version and its passages never change once written. An edit makes a new version, and
`Passage.current` moves to the new one's passages, so that a citation keeps the words it was checked against.
"""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from knowledge.models.source import Source


class Visibility(models.TextChoices):
    """Who may read it. Internal passages are evidence for agents and never part of a reply."""

    PUBLIC = "public", _("public")
    INTERNAL = "internal", _("internal")


class Article(models.Model):
    """One document of a source. `external_id` is its stable name there (a path, for a folder)."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="articles")
    external_id = models.CharField(max_length=500)
    address = models.CharField(max_length=2000, blank=True, help_text="Where a person reads it, if anywhere")
    is_deleted = models.BooleanField(default=False)

    class Meta:
        ordering = ["external_id"]
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="one_row_per_article")]

    def __str__(self) -> str:
        return self.external_id


class ArticleVersion(models.Model):
    """What an article said from one sync to the next that found it changed."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=500)
    section = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2)
    visibility = models.CharField(max_length=10, choices=Visibility.choices)
    body = models.TextField()
    fingerprint = models.CharField(max_length=64)
    reveals: Any = models.JSONField(default=dict, blank=True, help_text="Private values in it, counted by kind")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="one_row_per_version")]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


class Passage(models.Model):
    """A part of an article version under one heading: what is found, shown and cited.

    `words` counts the stemmed words that BM25 sees.
    """

    version = models.ForeignKey(ArticleVersion, on_delete=models.CASCADE, related_name="passages")
    position = models.PositiveIntegerField()
    heading = models.CharField(max_length=500, blank=True)
    anchor = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    language = models.CharField(max_length=2)
    visibility = models.CharField(max_length=10, choices=Visibility.choices)
    current = models.BooleanField(default=True)
    words = models.FloatField(default=0)

    class Meta:
        ordering = ["version", "position"]
        indexes = [  # counted at every search, from the index alone
            models.Index(
                fields=["language", "visibility"], include=["words"], condition=Q(current=True), name="passage_counts"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id}.{self.position}"
