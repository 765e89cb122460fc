"""Building a recipe in small pieces, by one worker at a time.

Invariant: only the holder of a recipe's claim writes its vectors, and a claim nobody renewed for its lease is free:
a worker that died costs one piece of work, one that comes back too late writes nothing.
"""

import time
import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from copilot.inference.embedder import Embedder
from knowledge import takeover, vectors
from knowledge.models import Passage, Recipe

# While a task waits for the worker that writes drafts, and while it runs: above its hard limit.
WAITING_SECONDS = 300
WORKING_SECONDS = 60
# How long embedding may keep that worker from its drafts.
PIECE_SECONDS = 2.0
# Embedded in one go: about half a second's work on two busy cores.
BATCH = 16


def claim(recipe: str) -> str | None:
    """A new claim on `recipe`, or None while somebody holds one."""
    free = Q(lease_until=None) | Q(lease_until__lt=timezone.now())
    mine = uuid.uuid4()
    taken = Recipe.objects.filter(free, name=recipe).update(claim=mine, lease_until=_until(WAITING_SECONDS))
    return str(mine) if taken else None


def renew(mine: str, seconds: float = WAITING_SECONDS) -> Recipe | None:
    """The recipe that is claimed, for `seconds` more; None when another holds it, or it is no longer wanted."""
    Recipe.objects.filter(claim=mine).update(lease_until=_until(seconds))
    return Recipe.objects.filter(claim=mine).first()


def release(mine: str) -> None:
    """There is nothing left to do."""
    Recipe.objects.filter(claim=mine).update(claim=None, lease_until=None)


def note(mine: str, error: str) -> None:
    """Keep what went wrong for the page; the work is tried again when the lease is over."""
    Recipe.objects.filter(claim=mine, prepared_at=None).exclude(error=error).update(error=error)


def _until(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)


def embed_some(mine: str, embedder: Embedder) -> None:
    """Give vectors of `embedder` to passages without one, for about PIECE_SECONDS, while the claim is ours."""
    deadline = time.monotonic() + PIECE_SECONDS
    while time.monotonic() < deadline and (batch := _next(embedder.recipe)):
        if not _keep(mine, batch, embedder):
            return
        note(mine, "")


def _next(recipe: str) -> list[Passage]:
    return list(vectors.missing(recipe).select_related("version").order_by("pk")[:BATCH])


def _keep(mine: str, batch: list[Passage], embedder: Embedder) -> bool:
    """Embed, then write if the claim is still ours and the recipe still wanted."""
    made = vectors.embed(batch, embedder)
    with transaction.atomic():
        takeover.stay()
        ours = Recipe.objects.filter(name=embedder.recipe, claim=mine).exists()
        if ours:
            vectors.keep(batch, made, embedder.recipe)
    return ours
