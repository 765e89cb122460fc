"""What an administrator has to put right, noted where it is met.

Invariant: noting a problem never makes a second one, and a text that is kept here quotes no customer.
"""

import logging

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from tickets.models import Problem

log = logging.getLogger(__name__)


def note(kind: Problem.Kind, text: str = "") -> None:
    """Count the problem, once more if it is known."""
    try:
        with transaction.atomic():
            _count(kind, text[:300])
    except DatabaseError as error:
        log.warning("a problem (%s) could not be noted: %s", kind, type(error).__name__)


def _count(kind: Problem.Kind, text: str) -> None:
    seen = Problem.objects.filter(kind=kind, text=text)
    if not seen.update(count=F("count") + 1, last_seen=timezone.now()):
        Problem.objects.get_or_create(kind=kind, text=text)


def settle(*kinds: Problem.Kind) -> None:
    """What was wrong is right again."""
    Problem.objects.filter(kind__in=kinds).delete()
