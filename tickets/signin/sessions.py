"""Whose sessions there are, and ending them."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from tickets.models import Session, User
from tickets.signin.store import expires

SEEN_EVERY = timedelta(minutes=1)


def of(user: User) -> QuerySet[Session]:
    """The sessions of `user` that still go, the last used first."""
    return Session.objects.filter(user=user, expire_date__gt=timezone.now()).defer("session_data")


def end(user: User, *, but: str | None = None) -> int:
    """End every session of `user` but the one with the key `but`; how many."""
    return Session.objects.filter(user=user).exclude(session_key=but or "").delete()[0]


def seen(row: Session) -> None:
    """The session was used: it goes on, within its limits. Written at most once a minute."""
    now = timezone.now()
    if row.seen_at < now - SEEN_EVERY:
        Session.objects.filter(pk=row.pk).update(seen_at=now, expire_date=expires(row.started_at, now))


def sweep() -> None:
    """Forget sessions that have ended."""
    Session.objects.filter(expire_date__lte=timezone.now()).delete()
