"""What was done, by whom, with which model: never what was said."""

from typing import Any

from django.db import models
from django.utils import timezone


class AuditEntry(models.Model):
    """One thing that was done. Rows are only ever added (`tickets.audit`), then linked into a chain.

    `position` counts the linked rows from 1 without a gap; `previous` is the `mac` of the row before, and `mac` the
    keyed hash over it and this row. A row that has just been written waits for its link without them.

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
        indexes = [models.Index(fields=["subject", "at"]), models.Index(fields=["kind", "at"])]

    def __str__(self) -> str:
        return f"{self.kind} by {self.actor}"
