"""How triage learns: runs of training, changed names, what its labels are like, which question would teach most."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tickets.models.people import User
from tickets.models.routing import TriageModel
from tickets.models.ticket import Ticket


class Learning(models.Model):
    """One row: when it was last asked whether there is something to learn."""

    looked_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"looked at {self.looked_at}"


class TrainingRun(models.Model):
    """One training of triage; `state` is the step that is due or under way.

    `outcome` names what became of the candidate, `figures` what it was judged by (`tickets.comparison`).
    """

    class State(models.TextChoices):
        """Waiting -> embedding -> training -> comparing -> (refitting) -> done; or failed."""

        WAITING = "waiting", _("waiting for a worker")
        EMBEDDING = "embedding", _("reading the rows")
        TRAINING = "training", _("training without the held-out rows")
        COMPARING = "comparing", _("comparing with the model that serves")
        REFITTING = "refitting", _("training on every row")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    class Cause(models.TextChoices):
        """Why it was begun."""

        NIGHT = "night", _("the nightly look")
        PERSON = "person", _("a person")
        ERASED = "erased", _("rows were erased")
        UPDATE = "update", _("the model was of a former version")

    class Outcome(models.TextChoices):
        """What became of the candidate."""

        FIRST = "first"
        NOT_WORSE = "not_worse"
        NO_PROOF = "no_proof"
        FEW = "few"
        FORGET = "forget"
        UNREADABLE = "unreadable"
        WORSE = "worse"
        FEW_WORSE = "few_worse"
        PINNED = "pinned"
        TOO_FEW = "too_few"

    OPEN = (State.WAITING, State.EMBEDDING, State.TRAINING, State.COMPARING, State.REFITTING)

    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    cause = models.CharField(max_length=8, choices=Cause.choices)
    asked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    percent = models.PositiveSmallIntegerField(default=0)
    model = models.OneToOneField(TriageModel, null=True, blank=True, on_delete=models.SET_NULL, related_name="run")
    rival = models.ForeignKey(TriageModel, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    took_over = models.BooleanField(default=False)
    figures: Any = models.JSONField(default=dict)
    changes: Any = models.JSONField(default=dict, help_text="Rows since the model before: new, changed, erased, labels")
    fingerprint = models.CharField(max_length=64, blank=True)
    error = models.CharField(max_length=300, blank=True)
    claim = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(state__in=["waiting", "embedding", "training", "comparing", "refitting"]),
                name="one_open_training_run",
            )
        ]

    def __str__(self) -> str:
        return f"training run {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether a worker has yet to finish it."""
        return self.state in self.OPEN


class IntentChange(models.Model):
    """An intent that got another name, or was merged into another; what it touched, so that it can be undone.

    Until a model has learned the new name, what it says under the old one is read as the new one.
    """

    old = models.CharField(max_length=100)
    new = models.CharField(max_length=100)
    is_merge = models.BooleanField()
    touched: Any = models.JSONField(default=dict, help_text="Keys of the rows, tickets and rules that were changed")
    changed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.old} is {self.new}"


class LabelReport(models.Model):
    """What the labels are like, worked out in a task; the newest that is ready is shown."""

    class State(models.TextChoices):
        """Waiting -> ready or failed."""

        WAITING = "waiting"
        READY = "ready"
        FAILED = "failed"

    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    report: Any = models.JSONField(default=dict)
    error = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"label report {self.pk}"


class Question(models.Model):
    """A ticket that triage was not sure of, for choosing which one to ask a person about first."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="question")
    recipe = models.CharField(max_length=200)
    vector = models.BinaryField()
    doubt = models.FloatField(help_text="0: certain; 1: could be anything")
    rival = models.CharField(max_length=100, blank=True, help_text="The second likeliest intent")
    in_scope = models.BooleanField(default=True)
    teaches = models.FloatField(default=0, help_text="How much its label would teach")
    alike = models.PositiveIntegerField(default=0, help_text="Tickets that wait and are like it")

    class Meta:
        ordering = ["-teaches"]

    def __str__(self) -> str:
        return f"question of ticket {self.ticket_id}"
