"""`manage.py train triage`: learn intents from labelled tickets and agents' corrections."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tickets.intents import import_rows, retrain


class Command(BaseCommand):
    """The new model serves at once; the ones before it are kept."""

    help = "Train a model. For now: triage."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to train, and rows to add first."""
        parser.add_argument("what", choices=["triage"])
        parser.add_argument("--rows", type=Path, help="JSON Lines to add first: subject, body, lang, intent")

    def handle(self, *args: Any, **options: Any) -> None:
        """Add the rows, train, and say on how much."""
        try:
            if options["rows"]:
                self.stdout.write(f"{import_rows(options['rows'])} rows added")
            model = retrain()
        except (ValueError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Triage model {model.pk}: {model.rows} rows, {model.recipe}")
