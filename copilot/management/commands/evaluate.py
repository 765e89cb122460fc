"""`manage.py evaluate triage|retrieval|drafting|…`: how well each part does."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from copilot.drafting.reader import reader_named
from copilot.engine import embedder_named, generator, reranker_named
from copilot.inference.manifest import ModelUnusable
from evaluation import (
    crawling,
    drafting,
    fields,
    gaps,
    redaction,
    retrieval,
    show,
    slots,
    summary,
    triage,
    verification,
    weights,
)  # fmt: skip
from evaluation.damage import damaged
from evaluation.data import BadData
from evaluation.scratch import scratch_database
from evaluation.tables import nested_table, row_table, table

_READABLE: dict[str, Callable[[Any], str]] = {
    "triage": table, "verification": row_table, "gaps": table, "fields": fields.readable, "slots": row_table,
    "summary": row_table, "redaction": redaction.readable,
}  # fmt: skip


class Command(BaseCommand):
    """Prints a readable table, or one JSON object with --json; --dump writes a JSON line for each item."""

    help = "Measure one part of the copilot on given data, in a scratch database of its own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One subcommand for each part."""
        parts = parser.add_subparsers(dest="part", required=True)
        self._triage_arguments(parts.add_parser("triage"))
        self._retrieval_arguments(parts.add_parser("retrieval"))
        self._drafting_arguments(parts.add_parser("drafting"))
        self._verification_arguments(parts.add_parser("verification"))
        self._drafting_arguments(parts.add_parser("gaps"))
        self._summary_arguments(parts.add_parser("summary"))
        crawl = parts.add_parser("crawling")
        crawl.add_argument("folder", type=Path, help="Markdown files to serve as a website, edit and serve again")
        self._fields_arguments(parts.add_parser("fields"))
        self._redaction_arguments(parts.add_parser("redaction"))
        for part in parts.choices.values():
            part.add_argument("--embedder", default=settings.EMBEDDER, help="as SOUFFLEUR_EMBEDDER names one")
            part.add_argument("--json", action="store_true", help="one JSON object instead of a table")
            part.add_argument("--dump", type=Path, help="write one JSON line per item to this file")

    def _triage_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--train", type=Path, required=True, help="CSV with columns text,category")
        parser.add_argument("--test", type=Path, help="the same; without it a fifth of --train is held out")
        parser.add_argument("--per-label", type=int, default=0, metavar="N", help="train on N rows of each label")
        parser.add_argument("--oos-label", help="the test file's name for out-of-scope rows")

    def _retrieval_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--data", type=Path, required=True, help="a folder in BEIR layout")
        parser.add_argument("--language", choices=["en", "fr"], default="en", help="language of the queries")
        parser.add_argument(
            "--learn", action="store_true", help="learn the fusion from half, measure on the other half"
        )
        parser.add_argument("--reranker", help="a folder of `train reranker`, measured beside the arms")

    def _drafting_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kb", type=Path, required=True, help="a folder of Markdown articles")
        parser.add_argument("--tickets", type=Path, required=True, help="JSON Lines: id, subject, body, lang, gold…")
        parser.add_argument("--reader", help="similarity, or a file of `train reader`; else what serves")
        parser.add_argument("--show", metavar="ID", help="print this ticket's evidence and draft instead")

    def _verification_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", type=Path, help="JSON Lines: passages, sentence, cited, label; or a folder of *.jsonl.gz to damage"
        )
        parser.add_argument("--fit", type=Path, help="first fit weights to the rows of part calibrate; write them here")
        parser.add_argument("--more", type=Path, help="with --fit: a folder of *.jsonl.gz, damaged rows of which count")
        parser.add_argument("--rows", type=int, default=1500, help="how many rows to make of a folder")
        parser.add_argument("--seed", type=int, default=1, help="which rows to make of a folder")

    def _fields_arguments(self, parser: ArgumentParser) -> None:
        given = parser.add_mutually_exclusive_group(required=True)
        given.add_argument("--data", type=Path, help="a folder of PDF invoices, each with its gold XML beside it")
        given.add_argument("--slots", type=Path, help="a folder of MultiDoGO's domains, with train.tsv and dev.tsv")
        parser.add_argument("--no-embedded", action="store_true", help="ignore the XML inside a PDF")

    def _redaction_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", type=Path, help="JSON or JSON Lines with full_text and spans; MultiDoGO's TSV, or its folder"
        )
        parser.add_argument("--no-rivals", action="store_true", help="ours alone")
        parser.add_argument("--optional", action="store_true", help="order and account numbers too")

    def _summary_arguments(self, parser: ArgumentParser) -> None:
        file = settings.BASE_DIR / "evaluation" / "sets" / "summary.jsonl"
        parser.add_argument("file", type=Path, nargs="?", default=file, help="JSON Lines; else the set that is ours")
        parser.add_argument(
            "--half",
            choices=["tune", "test", "all"],
            default="test",
            help="tune was looked at while the cues were written; test was not",
        )

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
            part = "slots" if options.get("slots") else options["part"]
            readable = _READABLE.get(part, nested_table)
            self.stdout.write(json.dumps(metrics) if options["json"] else readable(metrics))

    def _triage(self, options: dict[str, Any]) -> tuple[Any, list[dict[str, Any]]]:
        embedder = embedder_named(options["embedder"])
        return triage.evaluate(
            options["train"], options["test"], embedder, options["oos_label"], per_label=options["per_label"]
        )

    def _retrieval(self, options: dict[str, Any]) -> tuple[Any, list[dict[str, Any]]]:
        embedder = embedder_named(options["embedder"])
        reranker = reranker_named(options["reranker"]) if options["reranker"] else None
        with scratch_database():
            return retrieval.evaluate(
                options["data"], options["language"], embedder, learn=options["learn"], reranker=reranker
            )

    def _drafting(self, options: dict[str, Any]) -> tuple[Any, list[dict[str, Any]]]:
        embedder = embedder_named(options["embedder"])
        reader = reader_named(options["reader"] or settings.READER, embedder)
        with scratch_database():
            drafting.index_folder(options["kb"], embedder)
            if options["show"]:
                self.stdout.write(show.one(options["tickets"], options["show"], embedder, generator(), reader))
                return None, []
            return drafting.evaluate(options["tickets"], embedder, generator(), reader)

    def _gaps(self, options: dict[str, Any]) -> tuple[Any, list[dict[str, Any]]]:
        embedder = embedder_named(options["embedder"])
        reader = reader_named(options["reader"] or settings.READER, embedder)
        with scratch_database():
            drafting.index_folder(options["kb"], embedder)
            metrics, items = gaps.evaluate(options["tickets"], embedder, reader)
        for gap in [] if options["json"] else items:
            self.stdout.write(f"{gap['size']:>3}  {gap['name']}  ({', '.join(gap['words'])})")
        return metrics, items

    def _fields(self, options: dict[str, Any]) -> tuple[Any, list[dict[str, Any]]]:
        if options["slots"]:
            return slots.evaluate(options["slots"])
        return fields.evaluate(options["data"], embedded=not options["no_embedded"])

    def _summary(self, options: dict[str, Any]) -> tuple[Any, list[dict[str, Any]]]:
        return summary.evaluate(options["file"], options["half"], embedder_named(options["embedder"]))

    def _redaction(self, options: dict[str, Any]) -> tuple[Any, list[dict[str, Any]]]:
        metrics, items, notes = redaction.evaluate(
            options["file"], with_rivals=not options["no_rivals"], optional=options["optional"]
        )
        for note in notes:
            self.stderr.write(note)
        return metrics, items

    def _crawling(self, options: dict[str, Any]) -> tuple[Any, list[dict[str, Any]]]:
        with scratch_database():
            return crawling.evaluate(options["folder"], embedder_named(options["embedder"])), []

    def _verification(self, options: dict[str, Any]) -> tuple[Any, list[dict[str, Any]]]:
        count, seed = options["rows"], options["seed"]
        is_folder = options["file"].is_dir()
        rows = damaged(options["file"], count, seed) if is_folder else verification.read_rows(options["file"])
        if options["fit"]:
            own = [row for row in rows if row.part == "calibrate"]
            more = damaged(options["more"], count, seed) if options["more"] else []
            weights.save(weights.fit(own, more), options["fit"])
        return verification.evaluate(rows)
