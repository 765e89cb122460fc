"""`manage.py add_token NAME --name "website"`: what a program shows to the API."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tickets.api import new_token
from tickets.models import User
from tickets.models.token import Scope


class Command(BaseCommand):
    """Prints the token once; only its hash is kept."""

    help = "Make an API token that acts for a person."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whom it acts for, and what it is for."""
        parser.add_argument("username")
        parser.add_argument("--name", default="API", help="what it is used by")
        parser.add_argument("--scope", action="append", choices=Scope.values, help="may be repeated; all unless said")
        parser.add_argument("--days", type=int, help="how long it works; until it is revoked unless said")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make and print it."""
        user = User.objects.filter(username=options["username"], is_active=True).first()
        if user is None:
            raise CommandError(f"there is no active user {options['username']!r}")
        self.stdout.write(new_token(user, options["name"], options["scope"] or list(Scope), days=options["days"]))
