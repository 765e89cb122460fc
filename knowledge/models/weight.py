"""What was learnt about a customer's own questions."""

from django.db import models
from django.utils import timezone


class FusionWeight(models.Model):
    """The dense arm's share for questions of one kind ("en", "fr" or "cross"), learnt with one embedder's vectors.

    `before` and `after` are nDCG@10 of the share that the embedder brings and of this one, on questions held out.
    """

    recipe = models.CharField(max_length=200)
    kind = models.CharField(max_length=5)
    weight = models.FloatField()
    questions = models.PositiveIntegerField()
    before = models.FloatField()
    after = models.FloatField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["kind"]
        constraints = [models.UniqueConstraint(fields=["recipe", "kind"], name="one_weight_per_kind")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.weight:.2f}"
