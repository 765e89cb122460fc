"""What people and rules did to a ticket's place: moves that can be taken back, and what the helpdesk is told."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tickets.models.people import Team, User
from tickets.models.rule import RoutingRule
from tickets.models.ticket import Priority, Ticket


class Move(models.Model):
    """A person put a ticket into another team; how it had come to the former one, to be taken back."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="moves")
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="+")
    former_team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    former_assignee = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    former_rule = models.ForeignKey(RoutingRule, null=True, on_delete=models.SET_NULL, related_name="+")
    former_routed_by = models.CharField(max_length=120, blank=True)
    former_placed_by = models.CharField(max_length=8, blank=True)
    former_priority = models.CharField(max_length=8, blank=True)
    former_tags: Any = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"move {self.pk} of ticket {self.ticket_id}"


class WriteBack(models.Model):
    """The outbox of placements: what the helpdesk is told about a ticket. A newer one takes an older one's place.

    Empty parts are not told. `key` names it to the helpdesk, so that telling it again changes nothing.
    """

    class State(models.TextChoices):
        """Queued -> sending -> done or failed; or replaced by a newer one."""

        QUEUED = "queued", _("on its way")
        SENDING = "sending", _("sending")
        DONE = "done", _("told")
        FAILED = "failed", _("not told")
        REPLACED = "replaced", _("replaced")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="write_backs")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    group = models.CharField(max_length=120, blank=True)
    priority = models.CharField(max_length=8, choices=Priority.choices, blank=True)
    tags: Any = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["not_before"], condition=Q(state__in=["queued", "sending"]), name="write_backs_due")
        ]

    def __str__(self) -> str:
        return f"write-back {self.key}"
