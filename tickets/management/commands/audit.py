"""`manage.py audit verify | export FILE | anchor | key`: prove what the audit says, take it out, sign its head."""

import sys
from argparse import ArgumentParser
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from copilot.privacy.audit.walk import Walk
from tickets.audit import anchoring, exporting, linking, verifying


class Command(BaseCommand):
    """`verify` ends with 1 when anything is wrong; with 2 when it could not look."""

    help = "Verify, export or anchor the audit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One command of four."""
        commands = parser.add_subparsers(dest="command", required=True)
        verify = commands.add_parser("verify", help="walk the chain and compare it with the anchors")
        verify.add_argument("--file", help="an export of the whole chain, instead of the database")
        verify.add_argument("--anchors", type=Path, help="the folder of the anchors (SOUFFLEUR_AUDIT_ANCHORS)")
        verify.add_argument("--public-key", action="append", default=[], help="that signed the anchors; with --file, "
                            "nothing secret of this machine is used then")  # fmt: skip
        export = commands.add_parser("export", help="write JSON Lines; - for the standard output")
        export.add_argument("file")
        for name in ("since", "until"):
            export.add_argument(f"--{name}", type=_moment, help="a date, or a date and time")
        export.add_argument("--kind", default="", help='such as ticket.view, or "ticket." for all of them')
        export.add_argument("--subject", default="", help="such as ticket:12")
        commands.add_parser("anchor", help="write a signed head of the chain now")
        commands.add_parser("key", help="print the public key")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        getattr(self, options["command"])(**options)

    def verify(self, *, file: str | None, anchors: Path | None, public_key: list[str], **_: Any) -> None:
        """Say each finding on a line of its own."""
        try:
            walk = self._walk(file, anchors, public_key)
        except (OSError, ValueError) as error:
            self.stderr.write(f"The audit could not be read: {error}")
            sys.exit(2)
        for finding in walk.findings:
            self.stdout.write(str(finding))
        if walk.unnamed:
            self.stdout.write(f"and {walk.unnamed} more")
        said = (
            f"{walk.rows} rows, positions {walk.start.position + 1} to {walk.at.position}, {len(walk.anchors)} anchors"
        )
        self.stdout.write(f"{said}: {'NOT as they were written' if walk.findings else 'as they were written'}")
        if walk.findings:
            sys.exit(1)

    def _walk(self, file: str | None, anchors: Path | None, trusted: list[str]) -> Walk:
        if file is None:
            linking.link()
            return verifying.verify(folder=anchors, trusted=trusted)
        keys = trusted or [settings.AUDIT_PUBLIC_KEY]
        with sys.stdin if file == "-" else Path(file).open(encoding="utf-8") as lines:
            return verifying.verify_file(lines, anchors, keys, with_key=not trusted)

    def export(self, *, file: str, **options: Any) -> None:
        """Write the rows that are asked for."""
        linking.link()
        subjects = [options["subject"]] if options["subject"] else []
        search = exporting.Search(
            kind=options["kind"], subjects=subjects, since=options["since"], until=options["until"]
        )
        count = 0
        try:
            with nullcontext(sys.stdout) if file == "-" else Path(file).open("w", encoding="utf-8") as out:
                for line in exporting.export(search):
                    out.write(line)
                    count += 1
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}") from error
        self.stderr.write(f"{count} rows")

    def anchor(self, **_: Any) -> None:
        """Sign the head."""
        try:
            new = anchoring.anchor()
        except OSError as error:
            raise CommandError(f"{settings.AUDIT_ANCHORS} cannot be written: {error.strerror}") from error
        if new is None:
            raise CommandError("the audit is empty: there is nothing to anchor")
        self.stdout.write(f"position {new.position} is anchored in {settings.AUDIT_ANCHORS}")
        self.key()

    def key(self, **_: Any) -> None:
        """What others check anchors with."""
        self.stdout.write(f"public key: {settings.AUDIT_PUBLIC_KEY}")


def _moment(text: str) -> datetime:
    day = parse_date(text)
    moment = parse_datetime(text) or (datetime(day.year, day.month, day.day) if day else None)
    if moment is None:
        raise ValueError(text)
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
