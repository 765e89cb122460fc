"""A file that came with a message, and what was read in it."""

import json
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from copilot.sealed import SealedBinaryField, SealedTextField
from tickets.models.ticket import Message


class Attachment(models.Model):
    """One file of a message. `kind` is what its bytes are, `declared` what its sender says.

    `problem` is a code (copilot/documents/problems.py, tickets/attachments.py); a file with a problem may have been
    read in part. `attempts` counts workers that began on its present state: one that died counts too.
    """

    class State(models.TextChoices):
        """Waiting -> fetching -> kept -> reading -> read, or failed at either step."""

        WAITING = "waiting", _("waiting to be fetched")
        FETCHING = "fetching", _("being fetched")
        KEPT = "kept", _("waiting to be read")
        READING = "reading", _("being read")
        READ = "read", _("read")
        FAILED = "failed", _("not read")

    UNFINISHED = (State.WAITING, State.FETCHING, State.KEPT, State.READING)

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=255, blank=True)
    declared = models.CharField(max_length=120, blank=True)
    locator = SealedTextField(blank=True, help_text="Where its helpdesk has it")
    size = models.PositiveBigIntegerField(default=0)
    kind = models.CharField(max_length=8, blank=True)
    pages = models.PositiveSmallIntegerField(default=0, help_text="Pages that were read")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    problem = models.CharField(max_length=40, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["message", "position"]
        constraints = [models.UniqueConstraint(fields=["message", "position"], name="one_row_per_attachment")]
        indexes = [
            models.Index(
                fields=["state", "not_before"],
                condition=Q(state__in=["waiting", "fetching", "kept", "reading"]),
                name="attachments_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"attachment {self.pk} of message {self.message_id}"

    @property
    def is_waiting(self) -> bool:
        """Whether a worker has yet to finish it."""
        return self.state in self.UNFINISHED


class AttachmentContent(models.Model):
    """The bytes and the words of an attachment, encrypted, apart from what lists show of it.

    `reading` is JSON: `pages` (number, text, how it was read), and `invoice` (facts, syntax) or null.
    """

    attachment = models.OneToOneField(Attachment, on_delete=models.CASCADE, related_name="content", primary_key=True)
    data = SealedBinaryField()
    reading = SealedTextField(blank=True)

    def __str__(self) -> str:
        return f"content of attachment {self.attachment_id}"

    @property
    def read(self) -> dict[str, Any]:
        """What was read; nothing before it was."""
        return dict(json.loads(self.reading)) if self.reading else {"pages": [], "invoice": None}
