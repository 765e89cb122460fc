"""What the knowledge base lacks, as questions show it."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from knowledge.models import OwnArticle, Passage
from tickets.models.people import User
from tickets.models.ticket import Ticket


class Gap(models.Model):
    """Questions that want the same article. `centre` is their mean direction, by the embedder `recipe`."""

    class State(models.TextChoices):
        """Open -> being written -> published; or dismissed."""

        OPEN = "open", _("open")
        WRITING = "writing", _("being written")
        PUBLISHED = "published", _("published")
        DISMISSED = "dismissed", _("dismissed")

    name = models.CharField(max_length=100)
    words: Any = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    centre: Any = models.JSONField(default=list)
    recipe = models.CharField(max_length=200)
    article = models.ForeignKey(OwnArticle, null=True, blank=True, on_delete=models.SET_NULL, related_name="gaps")
    assigned_to = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="gaps")
    best = models.ForeignKey(Passage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    best_score = models.FloatField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class Asked(models.Model):
    """A question that a colleague asked the knowledge base, redacted, and what they thought of the answer."""

    class Feedback(models.TextChoices):
        """What they thought."""

        USEFUL = "useful", _("useful")
        WRONG = "wrong", _("wrong passage")
        OUTDATED = "outdated", _("outdated")

    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    question = models.CharField(max_length=1000)
    language = models.CharField(max_length=2)
    answered = models.BooleanField()
    passages: Any = models.JSONField(default=list, help_text="Ids, as they were shown")
    feedback = models.CharField(max_length=8, choices=Feedback.choices, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"asked {self.pk}"


class GapQuestion(models.Model):
    """A ticket, or a colleague's question, that belongs to a gap, and what showed that it had no good answer."""

    class Sign(models.TextChoices):
        """What showed it."""

        ABSTAINED = "abstained", _("no answer found")
        REJECTED = "rejected", _("rejected: wrong or outdated source")
        UNCITED = "uncited", _("answered without a citation")
        FEEDBACK = "feedback", _("marked as unhelpful")

    gap = models.ForeignKey(Gap, on_delete=models.CASCADE, related_name="questions")
    ticket = models.OneToOneField(Ticket, null=True, on_delete=models.CASCADE, related_name="gap_question")
    asked = models.OneToOneField(Asked, null=True, on_delete=models.CASCADE, related_name="gap_question")
    sign = models.CharField(max_length=10, choices=Sign.choices)
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ticket=None) ^ Q(asked=None), name="a_gap_question_is_of_one_kind")
        ]

    def __str__(self) -> str:
        return f"{self.sign}: ticket {self.ticket_id or 'none'}"
