"""What an agent decided about a draft, and the reply that went out."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tickets.models.draft import Draft
from tickets.models.people import User
from tickets.models.ticket import Ticket


class Review(models.Model):
    """One person's decision on one draft."""

    class Outcome(models.TextChoices):
        """What became of the draft."""

        APPROVED = "approved", _("approved")
        EDITED = "edited", _("edited")
        REJECTED = "rejected", _("rejected")

    class Reason(models.TextChoices):
        """Why a draft was rejected."""

        WRONG = "wrong", _("Wrong answer")
        SOURCE = "source", _("Wrong source")
        OUTDATED = "outdated", _("Outdated source")
        INCOMPLETE = "incomplete", _("Misses part of the question")
        TONE = "tone", _("Tone or language")
        NO_REPLY = "no_reply", _("No reply needed")
        OTHER = "other", _("Other")

    # Reasons that speak against what the draft stood on.
    ABOUT_SOURCES = (Reason.SOURCE, Reason.OUTDATED, Reason.WRONG)

    draft = models.OneToOneField(Draft, on_delete=models.CASCADE, related_name="review")
    reviewer = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="reviews")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    note = models.CharField(max_length=500, blank=True)
    diff = models.TextField(blank=True)
    seconds = models.FloatField(default=0, help_text="From the draft's being opened to the decision")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.outcome} draft {self.draft_id}"


class Reply(models.Model):
    """The outbox: text that an agent accepted, on its way to the helpdesk.

    `key` names the reply to the helpdesk, so that posting it again after a crash is not a second reply.
    """

    class State(models.TextChoices):
        """Queued (held for the undo time first) -> sending -> sent or failed."""

        QUEUED = "queued", _("on its way")
        SENDING = "sending", _("sending")
        SENT = "sent", _("sent")
        FAILED = "failed", _("not sent")

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="reply")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="replies")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    external_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["not_before"], condition=Q(state__in=["queued", "sending"]), name="outbox_due")]

    def __str__(self) -> str:
        return f"reply {self.key}"
