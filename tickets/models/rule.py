"""Which team a ticket goes to, as an administrator has said, and when the desk is open."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.models.people import Team
from tickets.models.ticket import Priority, Urgency


class RoutingRule(models.Model):
    """Conditions, and what a ticket that meets all of them gets: the first such rule wins.

    An empty condition is met by any ticket. `requester` holds addresses and `@domains`, separated by commas.
    `confidence` is the least that triage must have had; a rule that names it also takes tickets that triage is not
    sure of, which no other rule does.
    """

    class Hours(models.TextChoices):
        """When the requester wrote."""

        INSIDE = "inside", _("inside business hours")
        OUTSIDE = "outside", _("outside business hours")

    class Test(models.TextChoices):
        """What is asked of a field."""

        PRESENT = "present", _("is there")
        MISSING = "missing", _("is missing")
        EQUALS = "equals", _("is exactly")
        CONTAINS = "contains", _("contains")
        AT_LEAST = "at_least", _("is at least")

    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    intents: Any = models.JSONField(default=list, blank=True)
    urgency = models.CharField(max_length=8, choices=Urgency.choices, blank=True)
    language = models.CharField(max_length=2, blank=True)
    requester = models.CharField(max_length=500, blank=True)
    hours = models.CharField(max_length=8, choices=Hours.choices, blank=True)
    field_name = models.CharField(max_length=60, blank=True)
    field_test = models.CharField(max_length=8, choices=Test.choices, blank=True)
    field_value = models.CharField(max_length=200, blank=True)
    confidence = models.FloatField(null=True, blank=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="rules")
    priority = models.CharField(max_length=8, choices=Priority.choices, blank=True)
    tags: Any = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


def _working_days() -> list[int]:
    return [0, 1, 2, 3, 4]


def _here() -> str:
    return str(settings.TIME_ZONE)


class BusinessHours(models.Model):
    """When the desk is open: one row, or none while nobody has said. An end at midnight is the end of the day."""

    days: Any = models.JSONField(default=_working_days, help_text="0 is Monday")
    opens = models.TimeField(default=time(9))
    closes = models.TimeField(default=time(18))
    zone = models.CharField(max_length=60, default=_here)

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M} {self.zone}"

    @classmethod
    def current(cls) -> "BusinessHours":
        """What an administrator has said, or Monday to Friday."""
        return cls.objects.first() or cls()

    def include(self, moment: datetime) -> bool:
        """Whether the desk is open then."""
        there = moment.astimezone(ZoneInfo(self.zone))
        closes = time.max if self.closes == time(0) else self.closes
        return there.weekday() in self.days and self.opens <= there.time() < closes
