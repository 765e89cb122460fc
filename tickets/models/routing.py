"""Where a ticket goes, and what triage learns from."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.models.people import Team, User
from tickets.models.ticket import Ticket, Urgency


class RoutingRule(models.Model):
    """Intent, urgency and language to a team. An empty field matches anything; the first matching rule wins."""

    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=120)
    intent = models.CharField(max_length=100, blank=True)
    urgency = models.CharField(max_length=8, choices=Urgency.choices, blank=True)
    language = models.CharField(max_length=2, blank=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="rules")

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name

    def matches(self, ticket: Ticket) -> bool:
        """Whether this rule speaks about `ticket`."""
        return (
            self.intent in ("", ticket.intent)
            and self.urgency in ("", ticket.urgency)
            and self.language in ("", ticket.language)
        )


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
