"""What an administrator has said about redaction, beside what is always masked."""

import uuid
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tickets.models.people import User


class Redaction(models.Model):
    """One row. `stamp` changes with every change, so that each process sees it at its next text.

    `again_from` is the ticket up to which the newest change has been applied to what was stored before; null: all.
    """

    optional: Any = models.JSONField(default=list, blank=True, help_text="Kinds that are masked only when asked for")
    stamp = models.UUIDField(default=uuid.uuid4)
    again_from = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"redaction {self.stamp}"


class RedactionRule(models.Model):
    """A pattern that is masked too, or a value that stays readable. A deleted one can be taken back."""

    class Kind(models.TextChoices):
        """What it does."""

        PATTERN = "pattern", _("masked")
        ALLOWED = "allowed", _("left readable")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=60, blank=True)
    value = models.CharField(max_length=500)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name or self.value
