"""What programs show instead of a session."""

from django.db import models
from django.utils import timezone

from tickets.models.people import User


class ApiToken(models.Model):
    """Acts for `user`. Only the SHA-256 of the token is kept: it is random, so nobody can guess it back."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
