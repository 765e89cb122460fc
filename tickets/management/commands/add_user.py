"""`manage.py add_user NAME --role agent --team Billing`: somebody who signs in."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.text import slugify

from copilot import env
from tickets.audit import record
from tickets.models import Team, User
from tickets.models.people import Role


class Command(BaseCommand):
    """Asks for the password, or reads SOUFFLEUR_PASSWORD."""

    help = "Add an agent, a manager or an administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name, role, teams (made when they are new), language."""
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="the name colleagues and customers see")
        parser.add_argument("--role", choices=Role.values, default=Role.AGENT)
        parser.add_argument("--team", action="append", default=[], help="may be repeated")
        parser.add_argument("--language", choices=["en", "fr"], default="en")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the user."""
        if User.objects.filter(username=options["username"]).exists():
            raise CommandError(f"{options['username']} exists")
        password = env.text("SOUFFLEUR_PASSWORD") or getpass.getpass("Password: ")
        first, _, last = options["name"].partition(" ")
        user = User(
            username=options["username"], first_name=first, last_name=last,
            role=options["role"], language=options["language"],
        )  # fmt: skip
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user.set_password(password)
        user.save()
        for name in options["team"]:
            user.teams.add(Team.objects.get_or_create(name=name, defaults={"slug": slugify(name)})[0])
        record("setting.change", subject=f"user:{user.pk}", command="add_user", role=str(user.role))
        self.stdout.write(f"{user.username} may sign in as {Role(user.role).label}")
