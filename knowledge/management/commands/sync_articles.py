"""`manage.py sync_articles FOLDER`: bring the knowledge base in step with a folder of articles."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from copilot.engine import embedder
from copilot.inference.manifest import ModelUnusable
from knowledge import runs
from knowledge.indexing import SyncReport, sync
from knowledge.models import Source
from knowledge.sources.base import SourceMissing
from knowledge.sources.folder import Folder
from tickets.audit import record
from tickets.audit.calls import gathering


class Command(BaseCommand):
    """Unchanged articles are not embedded again; removed ones leave every search."""

    help = "Read a folder of articles: Markdown (front matter: title, lang, visibility, section), HTML, PDF, DOCX, TXT."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder, and what to call it."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--name", help="the source's name; by default the folder's")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sync, with progress, and say what could not be read."""
        folder = options["folder"].resolve()
        name = options["name"] or folder.name
        source, is_new = Source.objects.get_or_create(name=name, defaults={"location": str(folder)})
        if source.location != str(folder):
            raise CommandError(
                f"the source {source.name!r} is {source.location}, and its articles would go: give another --name"
            )
        try:
            with gathering(command="sync_articles"):
                report = sync(source, Folder(folder), embedder(), self._progress)
        except (SourceMissing, ModelUnusable) as error:
            if is_new:  # a slip of the pen keeps no name from the folder that was meant
                source.delete()
            raise CommandError(str(error)) from error
        runs.record(source, report)
        record("source.sync", subject=f"source:{source.pk}", passages=report.passages, changed=report.changed)
        for name, reason in report.errors:
            self.stderr.write(f"{name}: {reason}; its last good version stays")
        self.stdout.write(
            f"{report.seen} articles seen, {report.changed} changed, {report.deleted} removed, "
            f"{report.passages} passages embedded, {len(report.errors)} could not be read"
        )

    def _progress(self, so_far: SyncReport) -> None:
        self.stdout.write(f"{so_far.seen} articles seen, {so_far.changed} indexed …")
