"""What is erased and what is kept how long; and the counts that outlive both."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from copilot.sealed import SealedTextField
from tickets.models.helpdesk import Helpdesk
from tickets.models.people import Team, User


class CountedDraft(models.Model):
    """A draft that was erased, as the insights count it: nothing leads from here to a ticket or a person of the desk.

    `kind` is one of `tickets.insights.KINDS`, or empty; `outcome` and `reason` are the review's, `why` is the code that
    says why there was no answer.
    """

    day = models.DateField()
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    intent = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=10, blank=True)
    outcome = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=12, blank=True)
    why = models.CharField(max_length=300, blank=True)
    seconds = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["day"]
        indexes = [models.Index(fields=["day"])]

    def __str__(self) -> str:
        return f"{self.kind} on {self.day}"


class Erasure(models.Model):
    """One requester's erasure, then its certificate: what, how many, when, by whom; no content.

    `remembers` is what a worker must know to go on where another died (the address, what else is the requester's), and
    is emptied at the end. `digest` is a keyed hash of the address, by which a later request can be matched. What was
    received after `cutoff` is not touched. `counts` are rows removed, `masked` values in which somebody else's words
    named the requester, `left` what was found and left, each by kind.
    """

    class State(models.TextChoices):
        """Waiting -> running -> done; or failed, and asked for again."""

        WAITING = "waiting", _("waiting for a worker")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    OPEN = (State.WAITING, State.RUNNING)

    digest = models.CharField(max_length=64)
    helpdesk = models.ForeignKey(Helpdesk, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    remembers = SealedTextField(blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    step = models.CharField(max_length=20, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    counts: Any = models.JSONField(default=dict, blank=True)
    masked: Any = models.JSONField(default=dict, blank=True)
    left: Any = models.JSONField(default=dict, blank=True)
    scrubs = models.BooleanField(default=False, help_text="The database's own files are rewritten at the end")
    scrubbed = models.CharField(max_length=300, blank=True)
    asked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    actor = models.CharField(max_length=40)
    cutoff = models.DateTimeField(default=timezone.now)
    error = models.CharField(max_length=300, blank=True)
    claim = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    entry = models.BigIntegerField(null=True, blank=True, help_text="Its row in the audit")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(state__in=["waiting", "running"]), name="one_open_erasure"
            )
        ]

    def __str__(self) -> str:
        return f"erasure {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether a worker has yet to finish it."""
        return self.state in self.OPEN


class RetentionRule(models.Model):
    """How many days something of a helpdesk is kept; what has no rule is kept. The audit's has no helpdesk."""

    class What(models.TextChoices):
        """What goes when its time has come."""

        DELIVERIES = "deliveries", _("Webhook calls as they came")
        MESSAGES = "messages", _("Messages of answered tickets, and what was found in them")
        DRAFTS = "drafts", _("Drafts and decisions on them")
        DIFFS = "diffs", _("What agents changed in drafts, and their notes")
        ATTACHMENTS = "attachments", _("Files of answered tickets")
        TRAINING = "training", _("What triage learned from tickets")
        AUDIT = "audit", _("The audit")

    helpdesk = models.ForeignKey(Helpdesk, null=True, blank=True, on_delete=models.CASCADE, related_name="retention")
    what = models.CharField(max_length=12, choices=What.choices)
    days = models.PositiveIntegerField()

    class Meta:
        ordering = ["helpdesk", "what"]
        constraints = [
            models.UniqueConstraint(fields=["helpdesk", "what"], nulls_distinct=False, name="one_retention_rule")
        ]

    def __str__(self) -> str:
        return f"{self.what}: {self.days} days"
