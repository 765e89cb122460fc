"""Embedders whose vectors are kept."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Recipe(models.Model):
    """An embedder whose vectors are kept: the one that searches read, the one being built, those just replaced.

    `name` is what `Embedder.recipe` says. Whoever holds `claim` until `lease_until` works on it.
    """

    class State(models.TextChoices):
        """Building -> serving -> retired; one that is chosen again is built again, from what is still there."""

        BUILDING = "building"
        SERVING = "serving"
        RETIRED = "retired"

    name = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=State.choices)
    is_here = models.BooleanField(default=True, help_text="Whether its model was on this machine at the last look")
    started_at = models.DateTimeField(default=timezone.now)
    prepared_at = models.DateTimeField(null=True, help_text="When what depends on it was ready, or given up")
    retired_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    claim = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="serving"), name="one_recipe_serves"),
            models.UniqueConstraint(fields=["state"], condition=Q(state="building"), name="one_recipe_is_built"),
        ]

    def __str__(self) -> str:
        return self.name
