"""A ticket and its messages."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from copilot.privacy import Redacted, kept, may_be_a_person
from copilot.sealed import SealedTextField
from tickets.models.helpdesk import Helpdesk
from tickets.models.people import Team, User


class Urgency(models.TextChoices):
    """How soon a person should look."""

    LOW = "low", _("low")
    NORMAL = "normal", _("normal")
    HIGH = "high", _("urgent")


class Priority(models.TextChoices):
    """How a rule ranks a ticket, whatever its words sound like."""

    LOW = "low", _("low priority")
    NORMAL = "normal", _("normal priority")
    HIGH = "high", _("high priority")


class Sentiment(models.TextChoices):
    """How the requester takes it, by their words."""

    NEGATIVE = "negative", _("displeased")
    NEUTRAL = "neutral", _("neutral")
    POSITIVE = "positive", _("pleased")


class Ticket(models.Model):
    """A question that a requester asked through a helpdesk."""

    class State(models.TextChoices):
        """Open until an agent answers; a new message from the requester opens it again."""

        OPEN = "open", _("Open")
        ANSWERED = "answered", _("Answered")

    class Triage(models.TextChoices):
        """Whether the intent is the model's (sure enough), awaits a person, or is a person's."""

        SURE = "sure", _("classified")
        UNSURE = "unsure", _("to be classified")
        PERSON = "person", _("classified by a person")

    class PlacedBy(models.TextChoices):
        """How the ticket came to its present team. What a person or the helpdesk has placed, no rule moves."""

        RULE = "rule", _("by a rule")
        PERSON = "person", _("by a person")
        HELPDESK = "helpdesk", _("by the helpdesk")

    helpdesk = models.ForeignKey(Helpdesk, on_delete=models.CASCADE, related_name="tickets")
    external_id = models.CharField(max_length=200)
    number = models.CharField(max_length=60, blank=True)
    subject = models.CharField(max_length=500)
    requester_name = models.CharField(max_length=200, blank=True)
    requester_email = models.CharField(max_length=320, blank=True)
    language = models.CharField(max_length=2, default="en")
    intent = models.CharField(max_length=100, blank=True)
    confidence = models.FloatField(null=True, blank=True)
    also: Any = models.JSONField(default=list, blank=True, help_text="Further intents, as (intent, confidence)")
    triage = models.CharField(max_length=8, choices=Triage.choices, default=Triage.UNSURE)
    urgency = models.CharField(max_length=8, choices=Urgency.choices, default=Urgency.NORMAL)
    sentiment = models.CharField(max_length=8, choices=Sentiment.choices, default=Sentiment.NEUTRAL)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="tickets")
    placed_by = models.CharField(max_length=8, choices=PlacedBy.choices, blank=True)
    rule = models.ForeignKey(
        "tickets.RoutingRule", null=True, blank=True, on_delete=models.SET_NULL, related_name="tickets"
    )
    routed_by = models.CharField(max_length=120, blank=True, help_text="The rule's name then")
    priority = models.CharField(max_length=8, choices=Priority.choices, blank=True)
    tags: Any = models.JSONField(default=list, blank=True)
    group = models.CharField(max_length=120, blank=True, help_text="The helpdesk's, as far as we know")
    group_at = models.DateTimeField(null=True, blank=True, help_text="By the helpdesk's clock")
    assignee = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="tickets")
    assigned_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    placeholders = SealedTextField(default="{}")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["helpdesk", "external_id"], name="one_row_per_ticket")]
        indexes = [models.Index(fields=["state", "team", "-created_at"])]

    def __str__(self) -> str:
        return f"#{self.number or self.external_id}"

    @property
    def further(self) -> list[str]:
        """What else it asks about."""
        return [intent for intent, _confidence in self.also if intent != self.intent]

    @property
    def originals(self) -> dict[str, str]:
        """What each placeholder of this ticket stands for."""
        return dict(json.loads(self.placeholders or "{}"))

    def redact(self, text: str, *, agents: Iterable[str] = ()) -> Redacted:
        """`text` of this ticket as a model may see it: its people masked, its known placeholders used again.

        `agents` are the names of those who answer it, where they may stand in the text; what was masked once in the
        ticket is masked without them.
        """
        from tickets.redaction import redact  # which knows what administrators have said, in rows

        people = [*filter(None, [self.requester_name]), *filter(may_be_a_person, agents)]
        return redact(text, people=people, known=self.originals)

    def agents(self) -> list[str]:
        """The names of the agents who wrote in this ticket, and of the one it is assigned to."""
        wrote = self.messages.filter(author=Message.Author.AGENT).values_list("author_name", flat=True).distinct()
        assigned = [self.assignee.display_name] if self.assignee else []
        return [*filter(None, wrote.order_by("author_name")), *assigned]

    def forget(self, placeholder: str) -> None:
        """Let `placeholder` stand for nothing; the caller redacts the messages again, and saves."""
        self.placeholders = json.dumps({key: value for key, value in self.originals.items() if key != placeholder})

    def remember(self, originals: Mapping[str, str]) -> None:
        """Keep `originals` (encrypted) beside those already known; the caller saves."""
        self.placeholders = json.dumps({**self.originals, **originals})


class Message(models.Model):
    """One message of a ticket. `body` is what a person reads, `redacted` what a model may read."""

    class Author(models.TextChoices):
        """Who wrote it."""

        REQUESTER = "requester", _("Requester")
        AGENT = "agent", _("Agent")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages")
    external_id = models.CharField(max_length=200)
    author = models.CharField(max_length=10, choices=Author.choices)
    author_name = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    hidden = models.TextField(blank=True, help_text="Quoted replies and signature, cut from the body")
    redacted = models.TextField(blank=True)
    pictures = SealedTextField(blank=True, default="", help_text="Addresses of pictures elsewhere, as a JSON list")
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["sent_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["ticket", "external_id"], name="one_row_per_message")]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.external_id}"

    def for_model(self) -> Redacted:
        """The redacted text with its placeholders' originals."""
        return kept(self.redacted, self.ticket.originals)
