"""`manage.py train triage|embedder`: learn intents from labelled tickets, or a bilingual embedder from documents."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from copilot.inference.manifest import ModelUnusable
from tickets.intents import import_rows, retrain


class Command(BaseCommand):
    """A triage model serves at once, and the ones before it are kept; an embedder is written where you say."""

    help = "Train a model: triage, or the embedder (needs the [train] extra)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One subcommand for each model."""
        models = parser.add_subparsers(dest="what", required=True)
        triage = models.add_parser("triage")
        triage.add_argument("--rows", type=Path, help="JSON Lines to add first: subject, body, lang, intent")
        embedder = models.add_parser("embedder")
        embedder.add_argument("--data", type=Path, required=True, help="pairs and documents (docs/training.md)")
        embedder.add_argument("--work", type=Path, required=True, help="a folder; a killed run goes on from it")
        embedder.add_argument("--name", default="souffleur-en-fr-1", help="the model's name, part of its recipe")
        embedder.add_argument("--epochs", type=float, default=1.0)
        embedder.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        """Train, and say what came of it."""
        try:
            getattr(self, f"_{options['what']}")(options)
        except (ValueError, OSError, ModelUnusable, ModuleNotFoundError) as error:
            raise CommandError(str(error)) from error

    def _triage(self, options: dict[str, Any]) -> None:
        if options["rows"]:
            self.stdout.write(f"{import_rows(options['rows'])} rows added")
        model = retrain()
        self.stdout.write(f"Triage model {model.pk}: {model.rows} rows, {model.recipe}")

    def _embedder(self, options: dict[str, Any]) -> None:
        from training.embedder import run  # torch: only here
        from training.recipe import Recipe

        recipe = Recipe(seed=options["seed"], epochs=options["epochs"])
        folder = run(options["data"], options["work"], options["name"], recipe, self.stdout.write)
        self.stdout.write(f"{folder} serves: SOUFFLEUR_EMBEDDER={folder}, or measure it with `manage.py evaluate`")
