"""What was done, by whom, with which model: never what was said."""

from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone


class AuditEntry(models.Model):
    """One thing that was done. Rows are only ever added (`tickets.audit`), then linked into a chain.

    `position` counts the linked rows from 1 without a gap; `previous` is the `mac` of the row before, and `mac` the
    keyed hash over it and this row. A row that has just been written waits for its link: its `mac` is then a seal over
    the row alone, which proves that Souffleur wrote it.

    `actor` and `subject` are names of rows ("user:3", "ticket:12", "helpdesk:1"), `digest` a keyed hash of the text
    that a model was given, `size` its characters. `facts` holds numbers and codes.
    """

    position = models.BigIntegerField(null=True, unique=True)
    at = models.DateTimeField(default=timezone.now)
    actor = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=60, blank=True)
    model = models.CharField(max_length=200, blank=True)
    size = models.PositiveIntegerField(default=0)
    milliseconds = models.FloatField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    facts: Any = models.JSONField(default=dict, blank=True)
    previous = models.CharField(max_length=64, blank=True)
    mac = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["subject", "at"]),
            models.Index(fields=["kind", "at"]),
            models.Index(fields=["subject", "position"], name="audit_subject_position"),
            models.Index(fields=["kind", "position"], name="audit_kind_position"),
            models.Index(fields=["actor", "position"], name="audit_actor_position"),
            BrinIndex(fields=["at"], name="audit_at"),
            # The few that are asked for among the many.
            models.Index(fields=["position"], condition=Q(facts__role="administrator"), name="audit_by_administrators"),
            models.Index(fields=["id"], condition=Q(position=None), name="audit_unlinked"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.actor}"


class AuditHead(models.Model):
    """The last row of the chain, in one row; changed with every link. `seal` proves who changed it."""

    position = models.BigIntegerField(default=0)
    mac = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_audit_head")]

    def __str__(self) -> str:
        return f"position {self.position}"


class AuditCheck(models.Model):
    """A walk along the whole chain, by a worker. `findings` are what `Finding` says, the first few of them."""

    class State(models.TextChoices):
        """From asked for to its end."""

        WAITING = "waiting"
        SOUND = "sound"
        BROKEN = "broken"
        FAILED = "failed"

    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    rows = models.BigIntegerField(default=0, help_text="Read so far")
    of = models.BigIntegerField(default=0)
    anchors = models.PositiveIntegerField(default=0)
    findings: Any = models.JSONField(default=list, blank=True)
    count = models.PositiveIntegerField(default=0, help_text="Of findings")
    error = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(models.Value(1), condition=Q(state="waiting"), name="one_waiting_audit_check")
        ]

    def __str__(self) -> str:
        return f"audit check {self.pk}"

    @property
    def percent(self) -> int:
        """How far it is."""
        return min(100, round(100 * self.rows / self.of)) if self.of else 0
