"""What triage learns from, and what it has learned."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.models.people import User
from tickets.models.ticket import Ticket


class TrainingRow(models.Model):
    """A labelled text that triage learns from; redacted before it is stored."""

    class Origin(models.TextChoices):
        """Who said so: a file, a person, or what became of the ticket."""

        IMPORTED = "imported", _("imported")
        AGENT = "agent", _("an agent")
        CONFIRMED = "confirmed", _("answered by the team it was routed to")
        MOVED = "moved", _("answered by the team it was moved to")

    SAID = (Origin.IMPORTED, Origin.AGENT)
    IMPLIED = (Origin.CONFIRMED, Origin.MOVED)

    ticket = models.OneToOneField(Ticket, null=True, blank=True, on_delete=models.CASCADE, related_name="training_row")
    text = models.TextField()
    intent = models.CharField(max_length=100)
    language = models.CharField(max_length=2)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    labelled_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(auto_now_add=True)
    accepted_at = models.DateTimeField(null=True, blank=True, help_text="A person has looked at a doubtful label")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.intent} ({self.origin})"


class TrainingVector(models.Model):
    """The vector of a row's text, as `digest` names the text; so that a night embeds what is new only."""

    row = models.ForeignKey(TrainingRow, on_delete=models.CASCADE, related_name="vectors")
    recipe = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    vector = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["row", "recipe"], name="one_vector_per_row_and_recipe")]

    def __str__(self) -> str:
        return f"vector of row {self.row_id}"


class TriageModel(models.Model):
    """A trained classifier (`copilot.triage.store` bytes). The newest active one serves.

    `twin` was trained in the same way without the rows that are held out, and is only compared with: what serves has
    then learned from those too. `knows` and `twin_knows` are the rows' keys and labels (`tickets.versions`), from which
    is seen that a row was erased. Both classifiers of a model that knew an erased row are emptied.
    """

    blob = models.BinaryField()
    twin = models.BinaryField(default=b"")
    knows = models.BinaryField(default=b"")
    twin_knows = models.BinaryField(default=b"")
    recipe = models.CharField(max_length=200)
    rows = models.PositiveIntegerField()
    labels = models.PositiveIntegerField(default=0)
    fingerprint = models.CharField(max_length=64, blank=True, help_text="Of the rows it learned from")
    metrics: Any = models.JSONField(default=dict)
    is_active = models.BooleanField(default=True)
    is_pinned = models.BooleanField(default=False, help_text="A person chose it; a night does not replace it")
    is_partial = models.BooleanField(default=False, help_text="It did not take over: it lacks the held-out rows")
    is_emptied = models.BooleanField(default=False, help_text="It knew a row that was erased")
    chosen_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"triage model {self.pk}"
