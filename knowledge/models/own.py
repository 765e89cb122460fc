"""Articles that were written here: sent by the API, kept from an accepted reply, or begun from a gap."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from knowledge.models.article import Visibility
from knowledge.models.source import Source


class OwnArticle(models.Model):
    """An article of a source of kind "own". Only a published one can be found."""

    class State(models.TextChoices):
        """Proposed -> published <-> withdrawn."""

        PROPOSED = "proposed", _("proposed")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Origin(models.TextChoices):
        """Who wrote it first."""

        API = "api", _("sent by the API")
        ACCEPTED = "accepted", _("an accepted reply")
        GAP = "gap", _("a gap")

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="own")
    external_id = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.API)
    title = models.CharField(max_length=500)
    section = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2)
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC)
    body = models.TextField()
    address = models.CharField(max_length=2000, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_from: Any = models.JSONField(
        default=list, blank=True, help_text="Keys of the tickets whose replies it began with"
    )
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="one_row_per_own_article")]

    def __str__(self) -> str:
        return self.title
