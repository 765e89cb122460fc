"""`manage.py train triage|embedder|writer|reader|reranker|names`: from labelled tickets, documents, or both."""

from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from copilot.engine import embedder_named
from copilot.inference.manifest import ModelUnusable
from tickets.audit import record
from tickets.audit.calls import gathering
from tickets.labelling import import_rows
from tickets.versions import retrain

LABELS = Path(settings.BASE_DIR) / "training" / "labels"


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

        writer = models.add_parser("writer")
        writer.add_argument("--data", type=Path, required=True, help="documentation, *.jsonl.gz (docs/training.md)")
        writer.add_argument("--work", type=Path, required=True, help="a folder; a killed run goes on from it")
        writer.add_argument("--name", default="souffleur-writer-1", help="the model's name, part of its recipe")
        writer.add_argument("--steps", type=int, help="how long to train")
        writer.add_argument("--seed", type=int, default=1)
        writer.add_argument("--small", action="store_true", help="a tiny model in seconds, to try the whole way")

        reader = models.add_parser("reader")
        reader.add_argument("--data", type=Path, required=True, help="documentation, *.jsonl.gz (docs/training.md)")
        reader.add_argument("--labels", type=Path, default=LABELS, help="labelled tickets about it, *.jsonl")
        reader.add_argument("--reviews", action="store_true", help="learn from this desk's accepted drafts as well")
        reader.add_argument("--embedder", default=settings.EMBEDDER, help="as SOUFFLEUR_EMBEDDER names one")
        reader.add_argument("--out", type=Path, required=True, help="the file of weights to write")
        reader.add_argument("--small", action="store_true", help="few tickets of each product, to try the whole way")

        reranker = models.add_parser("reranker")
        reranker.add_argument("--data", type=Path, required=True, help="documents, pairs, FAQs (docs/training.md)")
        reranker.add_argument("--labels", type=Path, default=LABELS, help="labelled tickets about them, *.jsonl")
        reranker.add_argument("--work", type=Path, required=True, help="a folder; a killed run goes on from it")
        reranker.add_argument("--name", default="souffleur-reranker-1", help="the model's name, part of its recipe")
        reranker.add_argument("--minutes", type=float, help="how long to train")
        reranker.add_argument("--seed", type=int, default=1)
        reranker.add_argument("--small", action="store_true", help="a tiny model in seconds, to try the whole way")

        names = models.add_parser("names")
        names.add_argument("--data", type=Path, required=True, help="open data (docs/training.md)")
        names.add_argument("--out", type=Path, required=True, help="the file of weights to write")
        names.add_argument("--seed", type=int, default=1)
        names.add_argument("--apart", action="store_true", help="keep names and templates for measuring; not to serve")
        names.add_argument("--small", action="store_true", help="few texts, to try the whole way")

    def handle(self, *args: Any, **options: Any) -> None:
        """Train, and say what came of it."""
        try:
            getattr(self, f"_{options['what']}")(options)
        except (ValueError, OSError, ModelUnusable, ModuleNotFoundError) as error:
            raise CommandError(str(error)) from error

    def _triage(self, options: dict[str, Any]) -> None:
        if options["rows"]:
            self.stdout.write(f"{import_rows(options['rows'])} rows added")
        with gathering(command="train"):
            model = retrain()
        record("setting.change", subject=f"model:{model.pk}", command="train")
        self.stdout.write(f"Triage model {model.pk}: {model.rows} rows, {model.recipe}")

    def _embedder(self, options: dict[str, Any]) -> None:
        from training.embedder import run  # torch: only here
        from training.recipe import Recipe

        recipe = Recipe(seed=options["seed"], epochs=options["epochs"])
        folder = run(options["data"], options["work"], options["name"], recipe, self.stdout.write)
        self.stdout.write(f"{folder} serves: SOUFFLEUR_EMBEDDER={folder}, or measure it with `manage.py evaluate`")

    def _writer(self, options: dict[str, Any]) -> None:
        from training.writer.recipe import SMALL, WriterRecipe  # torch: only here
        from training.writer.run import run

        recipe = replace(SMALL if options["small"] else WriterRecipe(), seed=options["seed"])
        recipe = replace(recipe, steps=options["steps"] or recipe.steps)
        folder = run(options["data"], options["work"], options["name"], recipe, self.stdout.write)
        self.stdout.write(f"{folder} serves: SOUFFLEUR_WRITER_MODEL={folder}, or measure it with `manage.py evaluate`")

    def _reader(self, options: dict[str, Any]) -> None:
        from copilot.management.reviewed import reviewed
        from training.reader.own import own_cases
        from training.reader.run import run

        embedder = embedder_named(options["embedder"])
        own = list(own_cases(reviewed(), embedder)) if options["reviews"] else []
        made = run(
            options["data"], options["labels"], options["out"], embedder, self.stdout.write, own=own,
            small=options["small"],
        )  # fmt: skip
        self.stdout.write(
            f"{made.recipe} in {options['out']}: measure it with `manage.py evaluate drafting --reader`,"
            " then serve it: SOUFFLEUR_READER"
        )

    def _reranker(self, options: dict[str, Any]) -> None:
        from training.reranker.gather import Source  # torch: only here
        from training.reranker.recipe import SMALL, RerankerRecipe
        from training.reranker.run import run

        recipe = replace(SMALL if options["small"] else RerankerRecipe(), seed=options["seed"])
        recipe = replace(recipe, minutes=options["minutes"] or recipe.minutes)
        source = Source(options["data"], options["labels"])
        folder = run(source, options["work"], options["name"], recipe, self.stdout.write)
        self.stdout.write(
            f"{folder}: measure it with `manage.py evaluate retrieval --reranker`, then serve it: SOUFFLEUR_RERANKER"
        )

    def _names(self, options: dict[str, Any]) -> None:
        from training.names.run import run  # the [train] extra: only here

        run(
            options["data"], options["out"], self.stdout.write, seed=options["seed"], small=options["small"],
            apart=options["apart"],
        )  # fmt: skip
        self.stdout.write(
            f"{options['out']} serves as copilot/privacy/models/names.npz: `manage.py evaluate redaction`"
        )
