"""The facts that an agent needs of a ticket: which are looked for, and what was found."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from copilot.sealed import SealedTextField
from tickets.models.attachment import Attachment
from tickets.models.people import User
from tickets.models.ticket import Message, Ticket


class Kind(models.TextChoices):
    """What is looked for; the names of `copilot.triage.fields.types.KINDS`."""

    ORDER_NUMBER = "order_number", _("order number")
    INVOICE_NUMBER = "invoice_number", _("invoice number")
    AMOUNT = "amount", _("amount")
    DATE = "date", _("date")
    IBAN = "iban", _("IBAN")
    PRODUCT = "product", _("product, one of a list")
    VERSION = "version", _("version")
    DEVICE = "device", _("device, one of a list")
    ADDRESS = "address", _("postal address")
    EMAIL = "email", _("e-mail address")
    PHONE = "phone", _("telephone number")
    PATTERN = "pattern", _("by a pattern of your own")


class FieldDefinition(models.Model):
    """A field that tickets of an intent have, or of every intent (`intent` empty).

    `question_en` and `question_fr` are how a missing one is named in a reply: "your order number". A deleted one can be
    taken back for a day.
    """

    name = models.SlugField(max_length=60)
    intent = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    required = models.BooleanField(default=False)
    words: Any = models.JSONField(default=list, blank=True)
    pattern = models.CharField(max_length=300, blank=True)
    question_en = models.CharField(max_length=160, blank=True)
    question_fr = models.CharField(max_length=160, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["intent", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "intent"], condition=Q(deleted_at=None), name="one_definition_per_field"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.intent or 'every intent'})"


class FieldValue(models.Model):
    """The value of a field of a ticket, and the words that it stands on: of a message, or of a page of an attachment.

    What was found and what an agent says are two rows: finding again changes the first and never the second, which
    counts. An agent's empty value says that the ticket does not hold the field. `former` is the agent's value before.
    """

    class Origin(models.TextChoices):
        """Who says so."""

        FOUND = "found", _("found")
        AGENT = "agent", _("an agent")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="field_values")
    name = models.CharField(max_length=60)
    origin = models.CharField(max_length=8, choices=Origin.choices)
    value = SealedTextField(blank=True)
    raw = SealedTextField(blank=True)
    former = SealedTextField(null=True, blank=True)
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.CASCADE, related_name="field_values")
    attachment = models.ForeignKey(
        Attachment, null=True, blank=True, on_delete=models.CASCADE, related_name="field_values"
    )
    page = models.SmallIntegerField(default=0)
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    confidence = models.FloatField(null=True, blank=True)
    problem = models.CharField(max_length=40, blank=True)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="field_values")
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "name", "origin"], name="one_value_per_field_and_origin")
        ]

    def __str__(self) -> str:
        return f"{self.name} of ticket {self.ticket_id}"


class FieldReport(models.Model):
    """The rules between the fields of a ticket that are broken, as codes; and when it was last looked through."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="field_report", primary_key=True)
    problems: Any = models.JSONField(default=list, blank=True)
    found_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"fields of ticket {self.ticket_id}"
