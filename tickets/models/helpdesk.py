"""A connected helpdesk, and each webhook call it made."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from copilot.sealed import SealedTextField


class Dialect(models.TextChoices):
    """How a helpdesk speaks; `tickets.helpdesks` has one file for each."""

    STANDARD = "standard", _("Standard Webhooks")
    ZAMMAD = "zammad", "Zammad"


class Helpdesk(models.Model):
    """A connection: how to check what it sends, and where to post replies."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    dialect = models.CharField(max_length=16, choices=Dialect.choices)
    webhook_secret = SealedTextField()
    api_url = models.URLField(blank=True, help_text=_("Where replies are posted. Empty: nothing leaves this machine."))
    api_token = SealedTextField(blank=True)
    is_active = models.BooleanField(default=True)
    writes_back = models.BooleanField(default=False, help_text="Team, priority and tags are told to the helpdesk")
    may_teach = models.BooleanField(default=True, help_text="Triage may learn from its tickets")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One webhook call, kept as it came. The same call twice is one row."""

    class State(models.TextChoices):
        """Received -> done, ignored or failed; a failed one can be replayed, which makes it received again."""

        RECEIVED = "received", _("Received")
        DONE = "done", _("Done")
        IGNORED = "ignored", _("Ignored")
        FAILED = "failed", _("Failed")

    helpdesk = models.ForeignKey(Helpdesk, on_delete=models.CASCADE, related_name="deliveries")
    external_id = models.CharField(max_length=200)
    body = models.BinaryField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    reason = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    ticket = models.ForeignKey("tickets.Ticket", null=True, blank=True, on_delete=models.SET_NULL)
    received_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-received_at"]
        constraints = [models.UniqueConstraint(fields=["helpdesk", "external_id"], name="one_row_per_delivery")]
        indexes = [models.Index(fields=["state", "received_at"])]

    def __str__(self) -> str:
        return f"{self.helpdesk_id}/{self.external_id}"
