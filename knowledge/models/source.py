"""Where articles come from, each look at it, and what a look could not read."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from copilot.sealed import SealedTextField


class Source(models.Model):
    """Where articles come from. `location` is a folder's or file's path, a site's address, or a helpdesk's.

    `options` are those of its kind (`knowledge.sources.opening`). A source that is switched off keeps its articles
    readable for the drafts that cite them, and out of every search.
    """

    class Kind(models.TextChoices):
        """How it is read: one file each in `knowledge/sources`."""

        FOLDER = "folder", _("Folder")
        WEBSITE = "website", _("Website")
        SPREADSHEET = "spreadsheet", _("Spreadsheet")
        ZENDESK = "zendesk", "Zendesk"
        ZAMMAD = "zammad", "Zammad"
        CHATWOOT = "chatwoot", "Chatwoot"
        FRESHDESK = "freshdesk", "Freshdesk"
        OWN = "own", _("Written here")

    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.FOLDER)
    location = models.CharField(max_length=500, blank=True)
    options: Any = models.JSONField(default=dict, blank=True)
    token = SealedTextField(
        blank=True, default="", help_text="What the source asks for, or what its API's callers send"
    )
    file = models.BinaryField(null=True, help_text="A spreadsheet that was uploaded")
    every_hours = models.PositiveSmallIntegerField(default=0, help_text="0: on demand only")
    is_active = models.BooleanField(default=True)
    synced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SyncRun(models.Model):
    """One look at a source. Whoever holds `claim` works on it, and says so by `heartbeat`."""

    class State(models.TextChoices):
        """Waiting -> running -> done, failed or stopped; running -> waiting when its worker died or ran out of time."""

        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        STOPPED = "stopped", _("stopped")

    OPEN = (State.WAITING, State.RUNNING)

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="runs")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    heartbeat = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    again = models.BooleanField(default=False, help_text="Something changed while it ran: look once more")
    may_remove = models.BooleanField(default=False, help_text="A person has agreed to losing most articles")
    seen = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    deleted = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0, help_text="Articles that are gone but kept until a person agrees")
    passages = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    incomplete = models.CharField(max_length=300, blank=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=Q(state__in=["waiting", "running"]), name="one_open_run_per_source"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether it waits or works."""
        return self.state in self.OPEN


class SyncError(models.Model):
    """A document that a look could not read, and why."""

    run = models.ForeignKey(SyncRun, on_delete=models.CASCADE, related_name="errors")
    document = models.CharField(max_length=500)
    reason = models.CharField(max_length=500)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.document}: {self.reason}"


class WebPage(models.Model):
    """What is remembered of a page of a website: what tells whether it changed, and where it led."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="pages")
    address = models.CharField(max_length=2000)
    external_id = models.CharField(max_length=500)
    fingerprint = models.CharField(max_length=64)
    etag = models.CharField(max_length=300, blank=True)
    modified = models.CharField(max_length=60, blank=True)
    links: Any = models.JSONField(default=list)
    fetched_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "address"], name="one_row_per_page")]

    def __str__(self) -> str:
        return self.address
