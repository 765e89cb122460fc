"""How one recipe takes another's place.

Invariant: a recipe takes over only in a transaction in which every current passage has its vector. Whoever writes
passages or vectors holds `stay()`, whoever changes which recipes there are, or what they are for, holds `alone()`.

The longest draft < GRACE: what began to search with a recipe finds its vectors until it ends.
"""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from knowledge.models import Passage, Recipe
from knowledge.recipes import serving
from knowledge.vectors import missing

# Who does not like the new embedder by the next morning is soon back with the old one.
GRACE = timedelta(hours=24)
_LOCK = 0x50FF1E


def stay() -> None:
    """Until this transaction ends, no recipe begins, takes over or goes."""
    _lock("pg_advisory_xact_lock_shared")


def alone() -> None:
    """Until this transaction ends, nobody writes passages or vectors."""
    _lock("pg_advisory_xact_lock")


def _lock(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_LOCK])


@transaction.atomic
def adopt(target: str) -> None:
    """`target` serves at once when there is nothing to embed again."""
    alone()
    served = serving()
    if served is None or (served != target and not Passage.objects.filter(current=True).exists()):
        _serve(target)
        Recipe.objects.filter(name=target).update(prepared_at=None)


@transaction.atomic
def aim(target: str) -> None:
    """`target` is to serve: begin to build it, and drop what was being built for another."""
    adopt(target)
    Recipe.objects.filter(state=Recipe.State.BUILDING).exclude(name=target).delete()
    if serving() != target:
        Recipe.objects.get_or_create(name=target, defaults={"state": Recipe.State.BUILDING})
        Recipe.objects.filter(name=target, state=Recipe.State.RETIRED).update(
            state=Recipe.State.BUILDING,
            started_at=timezone.now(),
            prepared_at=None,
            retired_at=None,
            attempts=0,
            error="",
        )


@transaction.atomic
def switch(target: str) -> bool:
    """Searches read `target` from now on, if no current passage lacks its vector; whether it serves."""
    alone()
    if Recipe.objects.filter(name=target, state=Recipe.State.BUILDING).exists() and not missing(target).exists():
        _serve(target)
    return serving() == target


def _serve(target: str) -> None:
    Recipe.objects.filter(state=Recipe.State.SERVING).update(state=Recipe.State.RETIRED, retired_at=timezone.now())
    Recipe.objects.update_or_create(name=target, defaults={"state": Recipe.State.SERVING, "retired_at": None})


@transaction.atomic
def forget() -> None:
    """Delete the vectors of recipes that stopped serving longer than GRACE ago."""
    old = Recipe.objects.filter(state=Recipe.State.RETIRED, retired_at__lt=timezone.now() - GRACE)
    if old.exists():
        alone()
        old.delete()
