"""Where requests of the product have gone, counted; nothing of what was in them."""

from django.db import models
from django.utils import timezone


class Destination(models.Model):
    """What one `owner` ("helpdesk:1", "source:2") has asked of one `origin` for one `purpose`.

    `refused` counts requests that were not sent, since the origin was not on the list.
    """

    origin = models.CharField(max_length=300)
    purpose = models.CharField(max_length=20)
    owner = models.CharField(max_length=60)
    requests = models.PositiveBigIntegerField(default=0)
    refused = models.PositiveBigIntegerField(default=0)
    octets = models.PositiveBigIntegerField(default=0, help_text="Of the bodies that were sent")
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(null=True, help_text="When a request was last sent")
    refused_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["origin", "purpose"]
        constraints = [models.UniqueConstraint(fields=["origin", "purpose", "owner"], name="one_row_per_destination")]

    def __str__(self) -> str:
        return f"{self.origin} ({self.purpose})"
