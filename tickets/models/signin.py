"""What signing in leaves behind: sessions, and attempts that failed.

Invariant: neither row holds what somebody typed; a session's content is sealed, an attempt is a keyed hash.
"""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone

from copilot.sealed import SealedTextField
from tickets.models.people import User


class Session(AbstractBaseSession):
    """A browser's session. Deleting the row ends it at once; `expire_date` is the nearer of its two limits."""

    session_data = SealedTextField()
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now, help_text="At most a minute old while somebody works")
    address = models.CharField(max_length=45, blank=True)
    browser = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-seen_at"]

    @classmethod
    def get_session_store_class(cls) -> type:
        """What reads and writes these rows."""
        from tickets.signin.store import SessionStore

        return SessionStore


class FailedSignIns(models.Model):
    """Failed attempts that are counted together: of an account, of an address, of one at the other."""

    class Kind(models.TextChoices):
        """What the attempts have in common."""

        PAIR = "pair"
        ACCOUNT = "account"
        ADDRESS = "address"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    key = models.CharField(max_length=64, unique=True)
    account = models.CharField(max_length=64, blank=True, db_index=True, help_text="The account's key, on pairs too")
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(default=timezone.now)
    locked_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.failures} of one {self.kind}"
