"""What triage learns from, and what it has learned."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.models.people import User
from tickets.models.ticket import Ticket


class TrainingRow(models.Model):
    """A labelled text that triage learns from; redacted before it is stored."""

    class Origin(models.TextChoices):
        """Who said so."""

        IMPORTED = "imported", _("imported")
        AGENT = "agent", _("an agent")

    ticket = models.OneToOneField(Ticket, null=True, blank=True, on_delete=models.CASCADE, related_name="training_row")
    text = models.TextField()
    intent = models.CharField(max_length=100)
    language = models.CharField(max_length=2)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    labelled_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.intent} ({self.origin})"


class TriageModel(models.Model):
    """A trained classifier (`copilot.triage.store` bytes). The newest active one serves."""

    blob = models.BinaryField()
    recipe = models.CharField(max_length=200)
    rows = models.PositiveIntegerField()
    metrics = models.JSONField(default=dict)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"triage model {self.pk}"
