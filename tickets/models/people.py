"""Who signs in: agents, managers, administrators, and the teams they belong to."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may do; each role may all that the one before it may."""

    AGENT = "agent", _("Agent")
    MANAGER = "manager", _("Manager")
    ADMINISTRATOR = "administrator", _("Administrator")


ORDER = [Role.AGENT, Role.MANAGER, Role.ADMINISTRATOR]


class User(AbstractUser):
    """A person of the support desk."""

    role = models.CharField(max_length=16, choices=Role.choices, default=Role.AGENT)
    language = models.CharField(max_length=2, choices=[("en", "English"), ("fr", "Français")], default="en")
    theme = models.CharField(
        max_length=8,
        choices=[("system", _("System")), ("light", _("Light")), ("dark", _("Dark"))],
        default="system",
    )

    is_away = models.BooleanField(default=False, help_text="Nothing is assigned to them by load")
    sees_content = models.BooleanField(default=False, help_text="A manager who may also read the tickets of all teams")

    must_change_password = models.BooleanField(default=False, help_text="Somebody else knows it")

    def may(self, role: Role) -> bool:
        """Whether this person has `role` or one above it."""
        return self.is_active and ORDER.index(Role(self.role)) >= ORDER.index(role)

    @property
    def display_name(self) -> str:
        """The name colleagues and customers see."""
        return self.get_full_name() or self.username

    @property
    def initials(self) -> str:
        """Up to two letters for the badge in the corner."""
        return "".join(part[0] for part in self.display_name.split()[:2]).upper()


class Tone(models.TextChoices):
    """How a team's replies sound around the facts (copilot/drafting/phrases.py)."""

    NEUTRAL = "neutral", _("Neutral")
    WARM = "warm", _("Warm")
    BRIEF = "brief", _("Brief")


class Team(models.Model):
    """A queue of tickets and the people who work it."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(unique=True)
    members = models.ManyToManyField(User, related_name="teams", blank=True)
    tone = models.CharField(max_length=8, choices=Tone.choices, default=Tone.NEUTRAL)
    group = models.CharField(max_length=120, blank=True, help_text="Its name in the helpdesk; empty: the same name")
    assigns_by_load = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def group_name(self) -> str:
        """What the helpdesk calls it."""
        return self.group or self.name
