"""`manage.py rotate_keys [--check]`: seal every value with the first key of SOUFFLEUR_ENCRYPTION_KEYS."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from copilot import rotation


class Command(BaseCommand):
    """May be killed and begun again, and run while everything serves."""

    help = "Seal every value in the database with the first of SOUFFLEUR_ENCRYPTION_KEYS, so that an old one can go."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to look only."""
        parser.add_argument("--check", action="store_true", help="say how many values each key still opens")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate, then say which keys may go."""
        if not options["check"]:
            rewritten, _lost = rotation.rotate(self._progress)
            self.stdout.write(f"{rewritten} values sealed anew")
        self._check()

    def _progress(self, column: str, done: int) -> None:
        self.stdout.write(f"{column}: {done} …")

    def _check(self) -> None:
        found = rotation.count(lambda *_: None)
        for place, name in enumerate(rotation.names()):
            said = "seals" if place == 0 else "may be taken out" if not found[place] else "still needed"
            self.stdout.write(f"key {place + 1} ({name}): opens {found[place]} values, {said}")
        if lost := found[rotation.NOBODY]:
            raise CommandError(f"{lost} values are opened by none of these keys: put back the key that sealed them")
