"""`manage.py add_helpdesk NAME --dialect zammad`: a new connection, its address and its secret."""

import secrets
from argparse import ArgumentParser
from base64 import b64encode
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.text import slugify

from copilot import env
from tickets.audit import record
from tickets.models import Helpdesk
from tickets.models.helpdesk import Dialect


class Command(BaseCommand):
    """Makes the secret itself, and shows it once."""

    help = "Connect a helpdesk. The API token for replies is read from SOUFFLEUR_API_TOKEN."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name, dialect, and where replies go."""
        parser.add_argument("name")
        parser.add_argument("--dialect", choices=Dialect.values, required=True)
        parser.add_argument("--api-url", default="", help="where replies are posted; without it nothing leaves")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the row and print what the helpdesk needs to know."""
        slug = slugify(options["name"])
        if not slug or Helpdesk.objects.filter(slug=slug).exists():
            raise CommandError(f"{options['name']!r} is taken or holds no letter: choose another name")
        secret = new_secret(options["dialect"])
        helpdesk = Helpdesk.objects.create(
            slug=slug, name=options["name"], dialect=options["dialect"], webhook_secret=secret,
            api_url=options["api_url"], api_token=env.text("SOUFFLEUR_API_TOKEN"),
        )  # fmt: skip
        record("setting.change", subject=f"helpdesk:{helpdesk.pk}", command="add_helpdesk")
        self.stdout.write(f"Webhook address: https://<your host>/webhooks/{slug}/\nSecret (shown once): {secret}")


def new_secret(dialect: str) -> str:
    """24 random bytes, in the form the dialect's own settings page expects."""
    random = secrets.token_bytes(24)
    return f"whsec_{b64encode(random).decode()}" if dialect == Dialect.STANDARD else random.hex()
