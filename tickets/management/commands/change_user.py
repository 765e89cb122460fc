"""`manage.py change_user NAME --unlock`: what an administrator does on the People page, from the command line."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from tickets.audit import SYSTEM
from tickets.models import User
from tickets.signin import people


class Command(BaseCommand):
    """The way in that stays when nothing else lets anybody in."""

    help = "Unlock somebody, take away a lost second factor, end sessions, or make a link that signs in once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whom, and what to do."""
        parser.add_argument("username")
        parser.add_argument("--unlock", action="store_true", help="let them try again at once")
        parser.add_argument("--reset-totp", action="store_true", help="take away a second factor that was lost")
        parser.add_argument("--end-sessions", action="store_true", help="sign them out everywhere")
        parser.add_argument("--new-password", action="store_true", help="make one, to be changed at the next sign-in")
        parser.add_argument("--switch-off", action="store_true", help="they may no longer sign in")
        parser.add_argument("--switch-on", action="store_true", help="they may sign in again")
        parser.add_argument("--sign-in-link", action="store_true", help="a link that signs them in once")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do each that was asked for, and say so."""
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"there is no user {options['username']!r}")
        said = self._done(user, options)
        if not said:
            raise CommandError("say what to do: --help lists it")
        self.stdout.write("\n".join(said))

    def _done(self, user: User, options: dict[str, Any]) -> list[str]:
        done = []
        if options["unlock"]:
            was = people.unlock(user, SYSTEM)
            done.append("unlocked" if was else "was not locked; failures are forgotten")
        if options["reset_totp"]:
            had = people.reset_second_factor(user, SYSTEM)
            done.append("the second factor is gone" if had else "there was no second factor")
        if options["end_sessions"]:
            done.append(f"{people.end_sessions(user, SYSTEM)} sessions have ended")
        if options["new_password"]:
            done.append(f"Password (shown once): {people.initial_password(user, SYSTEM)}")
        if options["switch_off"] or options["switch_on"]:
            done.append(self._switched(user, on=options["switch_on"]))
        if options["sign_in_link"]:
            done.append(self._link(user))
        return done

    def _switched(self, user: User, *, on: bool) -> str:
        try:
            people.switch(user, SYSTEM, on=on)
        except people.LastAdministrator as error:
            raise CommandError("the only administrator stays") from error
        return "may sign in" if on else "may no longer sign in"

    def _link(self, user: User) -> str:
        path = reverse("sign_in_link", args=[user.pk, default_token_generator.make_token(user)])
        minutes = settings.PASSWORD_RESET_TIMEOUT // 60
        return f"On your site's address, within {minutes} minutes, once: {path}"
