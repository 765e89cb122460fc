"""`manage.py stop_services`: stop the bundled PostgreSQL and Redis, which outlive the command that started them."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections

from copilot import embedded


class Command(BaseCommand):
    """What is in the data directory stays."""

    help = "Stop the bundled PostgreSQL and Redis of this data directory."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Stop both."""
        connections.close_all()
        embedded.stop(settings.DATA_DIR)
        self.stdout.write(f"Stopped; the data stays in {settings.DATA_DIR}")
