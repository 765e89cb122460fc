"""What programs show instead of a session."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tickets.models.people import User


class Scope(models.TextChoices):
    """What a token may do, of what its person may."""

    ASK = "ask", _("Ask questions")
    SEARCH = "search", _("Search")
    READ_ARTICLES = "articles.read", _("Read articles that were written here")
    WRITE_ARTICLES = "articles.write", _("Add, replace and delete articles")


def every_scope() -> list[str]:
    """What a token may that was made before there were scopes."""
    return list(Scope.values)


class ApiToken(models.Model):
    """Acts for `user`. Only the SHA-256 of the token is kept: it is random, so nobody can guess it back."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices), default=every_scope)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def works(self) -> bool:
        """Whether it opens anything."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > timezone.now())
