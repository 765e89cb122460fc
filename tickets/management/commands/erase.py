"""`manage.py erase EMAIL [--helpdesk SLUG] [--dry-run] [--yes]`: forget a requester, here and now."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tickets.audit import SYSTEM, record
from tickets.erasure import Preview, ask, certificate, preview
from tickets.erasure.person import NoAddress
from tickets.erasure.runs import Open, work
from tickets.erasure.scrub import scrub
from tickets.models import Erasure, Helpdesk

# How often to look again while a worker is at it.
LOOK_SECONDS = 1.0


class Command(BaseCommand):
    """Shows what it would do, asks, does it, and prints the certificate."""

    help = "Erase a requester: tickets, everything made of them, and what others' tickets say of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whom, where, and how far."""
        parser.add_argument("email", nargs="?", default="", help="the requester's address")
        parser.add_argument("--helpdesk", default="", metavar="SLUG", help="only of this helpdesk")
        parser.add_argument("--dry-run", action="store_true", help="say what would go; change nothing")
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument(
            "--articles", default="keep", help="articles begun from their tickets: keep, erase, or keys to erase: 3,14"
        )
        parser.add_argument(
            "--scrub", action="store_true",
            help="then rewrite the database's files, which locks its tables; without an address only that",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, ask, erase."""
        if not options["email"]:
            self._scrub_only(options)
            return
        found = self._look(options)
        self._show(found)
        if options["dry_run"]:
            return
        if found.is_empty and not options["yes"]:
            self.stdout.write("Nothing is known of this address.")
        if not options["yes"] and input("Type the address to erase it: ").strip().casefold() != found.address:
            raise CommandError("not the same address: nothing was erased")
        self._erase(found, options)

    def _scrub_only(self, options: dict[str, Any]) -> None:
        if not options["scrub"]:
            raise CommandError("an address is needed, or --scrub")
        said = scrub()
        record("erasure.scrub", actor=SYSTEM, done=said)
        self.stdout.write(f"Rewritten: {said}")

    def _look(self, options: dict[str, Any]) -> Preview:
        helpdesk = None
        if options["helpdesk"]:
            helpdesk = Helpdesk.objects.filter(slug=options["helpdesk"]).first()
            if helpdesk is None:
                raise CommandError(f"there is no helpdesk {options['helpdesk']!r}")
        try:
            return preview(options["email"], helpdesk)
        except NoAddress as error:
            raise CommandError(str(error)) from error

    def _show(self, found: Preview) -> None:
        for title, counts in (
            ("would go", found.counts),
            ("would be masked", found.masked),
            ("would stay", found.left),
        ):
            for name, count in sorted(counts.items()):
                self.stdout.write(f"{title}: {count} {name}")
        for one in found.articles:
            names = ", names them" if one.names_them else ""
            self.stdout.write(f"to decide: article {one.pk} ({one.state}{names}): {one.title}")

    def _erase(self, found: Preview, options: dict[str, Any]) -> None:
        try:
            erasure = ask(
                found.address, actor=SYSTEM, helpdesk=found.helpdesk, scrubs=options["scrub"],
                articles=self._decided(found, options["articles"]),
            )  # fmt: skip
        except Open as error:
            raise CommandError("another erasure is under way: wait for its end") from error
        while not work(erasure.pk):
            erasure.refresh_from_db()
            if not erasure.is_open:
                break
            self.stdout.write(f"{erasure.step} {erasure.percent} % …")
            time.sleep(LOOK_SECONDS)
        erasure.refresh_from_db()
        if erasure.state != Erasure.State.DONE:
            raise CommandError(f"it stopped at {erasure.step}: {erasure.error}; ask again")
        self.stdout.write(certificate.as_json(erasure))

    def _decided(self, found: Preview, said: str) -> list[int]:
        if said == "keep":
            return []
        if said == "erase":
            return [one.pk for one in found.articles]
        keys = [key.strip() for key in said.split(",")]
        if not all(key.isdecimal() for key in keys):
            raise CommandError("--articles takes keep, erase, or keys such as 3,14")
        wanted = {int(key) for key in keys}
        if unknown := wanted - {one.pk for one in found.articles}:
            raise CommandError(f"not among the articles to decide: {sorted(unknown)}")
        return sorted(wanted)
