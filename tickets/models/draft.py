"""A draft and what it stands on."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from knowledge.models import Passage
from tickets.models.people import User
from tickets.models.ticket import Message, Ticket

SLOW_SECONDS = 60


class Draft(models.Model):
    """A reply written for one message of the requester.

    `sentences` is what the writer made and the verifier judged, in order: dictionaries with `text` (placeholders
    in), `kind`, `verdict`, `block`, `cites` (citation numbers), `lang` (of a quotation in another language than the
    reply's) and `translated`; see `copilot.drafting.types`.

    What an agent asked for: a `hint`, another `language` than the ticket's, passages (ids) that are `excluded` or
    `pinned`. `former` is the draft that this one replaced at an agent's wish.
    """

    class State(models.TextChoices):
        """Pending -> working -> ready, abstained or failed -> accepted, rejected or superseded."""

        PENDING = "pending", _("waiting")
        WORKING = "working", _("drafting")
        READY = "ready", _("ready")
        ABSTAINED = "abstained", _("no answer found")
        FAILED = "failed", _("failed")
        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("rejected")
        SUPERSEDED = "superseded", _("superseded")

    class Priority(models.IntegerChoices):
        """Who waits for it, the most impatient first."""

        PERSON = 0
        NEW = 1
        MACHINE = 2

    LIVE = (State.PENDING, State.WORKING, State.READY, State.ABSTAINED, State.FAILED)
    # A failed draft is open too: the agent may write the reply, or reject.
    OPEN = (State.READY, State.ABSTAINED, State.FAILED)

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="drafts")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="drafts")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NEW)
    hint = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=2, blank=True)
    excluded = models.JSONField(default=list, blank=True)
    pinned = models.JSONField(default=list, blank=True)
    former = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="redrafts")
    sentences = models.JSONField(default=list, blank=True)
    asks: Any = models.JSONField(default=list, blank=True, help_text="Fields that the reply asks for")
    reason = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True, help_text="For the agent; never part of the reply")
    writer = models.CharField(max_length=100, blank=True)
    recipe = models.CharField(max_length=200, blank=True)
    timings = models.JSONField(default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True, help_text="After a failed attempt: when to try again")
    claim = models.UUIDField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ready_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["message"],
                condition=Q(state__in=["pending", "working", "ready", "abstained", "failed"]),
                name="one_live_draft_per_message",
            )
        ]
        indexes = [
            models.Index(fields=["state", "created_at"]),
            models.Index(fields=["priority", "created_at"], condition=Q(state="pending"), name="drafts_waiting"),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk} of ticket {self.ticket_id}"

    @property
    def is_waiting(self) -> bool:
        """Whether a worker has yet to finish it."""
        return self.state in (self.State.PENDING, self.State.WORKING)

    @property
    def is_open(self) -> bool:
        """Whether an agent can decide on it."""
        return self.state in self.OPEN

    @property
    def waited(self) -> float:
        """Seconds since it was asked for."""
        return (timezone.now() - self.created_at).total_seconds()

    @property
    def is_slow(self) -> bool:
        """Whether it has been waited for so long that the page need not ask every moment."""
        return self.waited > SLOW_SECONDS

    @property
    def spoken(self) -> str:
        """The language of the reply."""
        return self.language or self.ticket.language

    @property
    def facts(self) -> list[dict[str, Any]]:
        """The sentences that claim something."""
        return [sentence for sentence in self.sentences if sentence["kind"] == "fact"]


class Citation(models.Model):
    """Sentence `sentence` of a draft stands on characters `start` to `end` of a passage version."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="citations")
    passage = models.ForeignKey(Passage, on_delete=models.PROTECT, related_name="citations")
    sentence = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    score = models.FloatField()

    class Meta:
        ordering = ["sentence", "number"]

    def __str__(self) -> str:
        return f"[{self.number}]"


class Confirmation(models.Model):
    """A person has compared translated sentence `sentence` of a draft with the passage that it cites."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="confirmations")
    sentence = models.PositiveSmallIntegerField()
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="confirmations")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["sentence"]
        constraints = [models.UniqueConstraint(fields=["draft", "sentence"], name="one_confirmation_per_sentence")]

    def __str__(self) -> str:
        return f"sentence {self.sentence} of draft {self.draft_id}"
