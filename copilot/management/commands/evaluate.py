"""`manage.py evaluate triage|retrieval|drafting`: how well each part does on data given as a path."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from copilot.engine import embedder_named, generator
from copilot.inference.manifest import ModelUnusable
from evaluation import drafting, retrieval, show, triage
from evaluation.data import BadData
from evaluation.scratch import scratch_database
from evaluation.tables import nested_table, table


class Command(BaseCommand):
    """Prints a readable table, or one JSON object with --json; --dump writes a JSON line for each item."""

    help = "Measure triage, retrieval or drafting. Runs in a scratch database of its own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One subcommand for each part."""
        parts = parser.add_subparsers(dest="part", required=True)
        self._triage_arguments(parts.add_parser("triage"))
        self._retrieval_arguments(parts.add_parser("retrieval"))
        self._drafting_arguments(parts.add_parser("drafting"))
        for part in parts.choices.values():
            part.add_argument("--embedder", default=settings.EMBEDDER, help="as SOUFFLEUR_EMBEDDER names one")
            part.add_argument("--json", action="store_true", help="one JSON object instead of a table")
            part.add_argument("--dump", type=Path, help="write one JSON line per item to this file")

    def _triage_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--train", type=Path, required=True, help="CSV with columns text,category")
        parser.add_argument("--test", type=Path, required=True, help="CSV with columns text,category")
        parser.add_argument("--oos-label", help="the test file's name for out-of-scope rows")

    def _retrieval_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--data", type=Path, required=True, help="a folder in BEIR layout")
        parser.add_argument("--language", choices=["en", "fr"], default="en", help="language of the queries")

    def _drafting_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kb", type=Path, required=True, help="a folder of Markdown articles")
        parser.add_argument("--tickets", type=Path, required=True, help="JSON Lines: id, subject, body, lang, gold…")
        parser.add_argument("--show", metavar="ID", help="print this ticket's evidence and draft instead")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure, print, dump."""
        try:
            metrics, items = getattr(self, f"_{options['part']}")(options)
        except (BadData, ModelUnusable) as error:
            raise CommandError(str(error)) from error
        if options["dump"]:
            lines = (json.dumps(item, ensure_ascii=False) for item in items)
            options["dump"].write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        if metrics is not None:
            readable = table if options["part"] == "triage" else nested_table
            self.stdout.write(json.dumps(metrics) if options["json"] else readable(metrics))

    def _triage(self, options: dict[str, Any]) -> tuple[Any, list[dict[str, Any]]]:
        embedder = embedder_named(options["embedder"])
        return triage.evaluate(options["train"], options["test"], embedder, options["oos_label"])

    def _retrieval(self, options: dict[str, Any]) -> tuple[Any, list[dict[str, Any]]]:
        embedder = embedder_named(options["embedder"])
        with scratch_database():
            return retrieval.evaluate(options["data"], options["language"], embedder)

    def _drafting(self, options: dict[str, Any]) -> tuple[Any, list[dict[str, Any]]]:
        embedder = embedder_named(options["embedder"])
        with scratch_database():
            drafting.index_folder(options["kb"], embedder)
            if options["show"]:
                self.stdout.write(show.one(options["tickets"], options["show"], embedder, generator()))
                return None, []
            return drafting.evaluate(options["tickets"], embedder, generator())
