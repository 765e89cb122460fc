"""What an administrator does to somebody's account, from the page or the command line.

Invariant: there is always an administrator who can sign in, and every change is in the audit.
"""

import secrets

from django.db import transaction

from tickets.audit import record
from tickets.models import User
from tickets.models.people import Role
from tickets.signin import factors, guard, sessions


class LastAdministrator(Exception):
    """Nobody would be left to administer the desk."""


def initial_password(user: User, actor: str) -> str:
    """A new password, to be said to `user` and changed by them; whoever knew the old one is signed out."""
    password = "-".join(secrets.token_hex(3) for _ in range(4))
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    sessions.end(user)
    record("password.reset", subject=f"user:{user.pk}", actor=actor)
    return password


def reset_second_factor(user: User, actor: str) -> bool:
    """For who lost the telephone and the recovery codes; whether there was a second factor."""
    if not factors.reset(user):
        return False
    record("totp.reset", subject=f"user:{user.pk}", actor=actor)
    return True


def end_sessions(user: User, actor: str) -> int:
    """Sign `user` out everywhere; of how many sessions."""
    ended = sessions.end(user)
    record("session.ended", subject=f"user:{user.pk}", actor=actor, sessions=ended)
    return ended


def unlock(user: User, actor: str) -> bool:
    """Let `user` try again at once; whether they had to wait."""
    if not guard.unlock(user):
        return False
    record("signin.unlocked", subject=f"user:{user.pk}", actor=actor)
    return True


def switch(user: User, actor: str, *, on: bool) -> None:
    """Let `user` in, or no longer. Raises LastAdministrator."""
    with transaction.atomic():
        if not on:
            keep_one(user)
            sessions.end(user)
        User.objects.filter(pk=user.pk).update(is_active=on)
        record("person.on" if on else "person.off", subject=f"user:{user.pk}", actor=actor)


def keep_one(user: User) -> None:
    """Raises LastAdministrator when `user` is the only one who can sign in; holds a lock on the others."""
    others = User.objects.select_for_update().filter(role=Role.ADMINISTRATOR, is_active=True).order_by("pk")
    if [other.pk for other in others] == [user.pk]:
        raise LastAdministrator
