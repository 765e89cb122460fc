"""Who guesses waits, longer each time.

Invariant: an attempt is counted before its password or code is looked at, so that guesses made at the same moment
count too; and what was typed is kept as a keyed hash only, the same way whether the account exists or not.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tickets.audit import record
from tickets.audit.keys import text_key
from tickets.models import FailedSignIns, User

Kind = FailedSignIns.Kind
# Attempts that cost no wait. An office shares one address; a botnet shares one account.
FREE = {Kind.PAIR: 5, Kind.ACCOUNT: 20, Kind.ADDRESS: 50}
FIRST, LONGEST = timedelta(seconds=30), timedelta(hours=1)
FORGOTTEN = timedelta(days=1)
VISITOR = "visitor"


class Locked(Exception):
    """Too many attempts failed; `until` says when the next one is heard."""

    def __init__(self, until: datetime) -> None:
        super().__init__("too many attempts failed")
        self.until = until

    @property
    def minutes(self) -> int:
        """How long that is, rounded up."""
        return max(1, -int((timezone.now() - self.until).total_seconds() // 60))


@dataclass(frozen=True)
class Attempt:
    """One try, counted as failed until `succeeded` says otherwise."""

    pair: str
    account: str
    address: str

    def succeeded(self) -> None:
        """The pair starts afresh; of the two that a guesser may share, only this attempt is taken back."""
        FailedSignIns.objects.filter(key=self.pair).delete()
        for kind, key in ((Kind.ACCOUNT, self.account), (Kind.ADDRESS, self.address)):
            rows = FailedSignIns.objects.filter(key=key, failures__gt=0)
            rows.update(failures=F("failures") - 1)
            rows.filter(failures__lt=FREE[kind]).update(locked_until=None)

    def failed(self, user: User | None) -> None:
        """Written down, without what was typed."""
        subject = f"user:{user.pk}" if user else ""
        record("signin.failed", subject=subject, actor=VISITOR, digest=self.account)
        keys = (self.pair, self.account, self.address)
        for row in FailedSignIns.objects.filter(key__in=keys, locked_until__gt=timezone.now()):
            record("signin.locked", subject=subject, actor=VISITOR, digest=row.key, by=row.kind, failures=row.failures)


def attempt(username: str, address: str) -> Attempt:
    """Count a try of `username` from `address`. Raises Locked."""
    tried = Attempt(_key(Kind.PAIR, username, address), _account(username), _key(Kind.ADDRESS, address))
    now = timezone.now()
    with transaction.atomic():
        rows = [
            _row(Kind.ACCOUNT, tried.account, tried.account), _row(Kind.ADDRESS, tried.address, ""),
            _row(Kind.PAIR, tried.pair, tried.account),
        ]  # fmt: skip
        until = max((row.locked_until for row in rows if row.locked_until), default=now)
        if until > now:
            raise Locked(until)
        for row in rows:
            _count(row, now)
    return tried


def locked_until(user: User) -> datetime | None:
    """When the longest lock of this account ends; None when there is none."""
    rows = FailedSignIns.objects.filter(account=_account(user.username), locked_until__gt=timezone.now())
    return max((row.locked_until for row in rows if row.locked_until), default=None)


def unlock(user: User) -> bool:
    """Forget the failures of this account, wherever they came from; whether it was locked."""
    was_locked = locked_until(user) is not None
    FailedSignIns.objects.filter(account=_account(user.username)).delete()
    return was_locked


def sweep() -> None:
    """Forget what no longer counts."""
    FailedSignIns.objects.filter(last_at__lt=timezone.now() - FORGOTTEN).delete()


def _row(kind: FailedSignIns.Kind, key: str, account: str) -> FailedSignIns:
    FailedSignIns.objects.bulk_create([FailedSignIns(kind=kind, key=key, account=account)], ignore_conflicts=True)
    return FailedSignIns.objects.select_for_update().get(key=key)


def _count(row: FailedSignIns, now: datetime) -> None:
    row.failures = row.failures + 1 if row.last_at > now - FORGOTTEN else 1
    over = row.failures - FREE[Kind(row.kind)]
    row.locked_until = now + min(FIRST * 2 ** min(over, 10), LONGEST) if over >= 0 else None
    row.last_at = now
    row.save()


def _account(username: str) -> str:
    return _key(Kind.ACCOUNT, username)


def _key(kind: FailedSignIns.Kind, *parts: str) -> str:
    said = "\0".join((kind.value, *(part.strip().casefold() for part in parts)))
    return hmac.digest(text_key(), said.encode(), "sha256").hex()
