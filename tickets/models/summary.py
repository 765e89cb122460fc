"""A long ticket in a few lines, and how far it is in being made."""

from typing import Any

from django.db import models
from django.utils import timezone

from tickets.models.ticket import Ticket


class Summary(models.Model):
    """The summary of one ticket: there is none for a short one, and it goes when the ticket goes.

    `lines` are dictionaries with `role`, `text` (placeholders in), `message` (its key), `start` and `end` (characters
    of the message's redacted text); see `copilot.summary.types`. `made_from` is the newest message that they know of: a
    newer one makes them out of date, whatever the state.
    """

    class State(models.TextChoices):
        """Pending -> working -> ready or failed; a new message makes it pending again."""

        PENDING = "pending"
        WORKING = "working"
        READY = "ready"
        FAILED = "failed"

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="summary")
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    lines: Any = models.JSONField(default=list, blank=True)
    made_from = models.BigIntegerField(default=0)
    writer = models.CharField(max_length=100, blank=True)
    recipe = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=300, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True, help_text="After a failed attempt: when to try again")
    claim = models.UUIDField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["asked_at"], condition=models.Q(state="pending"), name="summaries_waiting")]

    def __str__(self) -> str:
        return f"summary of ticket {self.ticket_id}"

    @property
    def is_waiting(self) -> bool:
        """Whether a worker has yet to make it."""
        return self.state in (self.State.PENDING, self.State.WORKING)
