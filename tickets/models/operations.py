"""What an administrator should know about the machinery; no ticket's words are in here."""

from django.db import models
from django.utils import timezone


class Problem(models.Model):
    """Something that a person has to put right, once for each `kind` and `text`, however often it happened."""

    class Kind(models.TextChoices):
        """What is not as it should be."""

        WRITER = "writer"
        EMBEDDER = "embedder"
        READER = "reader"
        RERANKER = "reranker"
        UNCARRIED = "uncarried"
        REDIS = "redis"
        DATABASE = "database"
        AUDIT = "audit"
        ANCHOR = "anchor"
        REDACTION = "redaction"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.CharField(max_length=300, blank=True)
    count = models.PositiveIntegerField(default=1)
    first_seen = models.DateTimeField(default=timezone.now)
    last_seen = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-last_seen"]
        constraints = [models.UniqueConstraint(fields=["kind", "text"], name="one_row_per_problem")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"


class Worker(models.Model):
    """What an inference worker said of itself after its last batch. Memory is in megabytes."""

    name = models.CharField(max_length=200, unique=True)
    pid = models.PositiveIntegerField()
    resident = models.PositiveIntegerField(help_text="Now")
    peak = models.PositiveIntegerField(help_text="The most that this process has held")
    drafts = models.PositiveIntegerField(default=0, help_text="Begun by this process")
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
