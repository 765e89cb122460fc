"""A change of embedder, from the first vector to the last: passages, then triage, then the switch.

Invariant: searches read one recipe, whole, all the time; every step may be done twice or cut short, and what is left
to do is read from the database, never remembered by a worker.
"""

import logging
from enum import StrEnum

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now

from copilot import engine
from copilot.inference.embedder import Embedder
from copilot.inference.manifest import ModelUnusable
from copilot.triage.training import CannotTrain
from knowledge import building, recipes, takeover, vectors
from knowledge.models import Recipe
from tickets import tasks, versions
from tickets.versions import Taught
from tickets.wake import wake

log = logging.getLogger(__name__)

# Above the hard limit of the task that trains.
TRAINING_SECONDS = 600
MAX_TRAININGS = 3


class Step(StrEnum):
    """What a recipe needs next."""

    EMBED = "embed"
    FINISH = "finish"


def look_after() -> None:
    """Begin a change that the settings ask for, resume one that was left behind, forget one that is long over."""
    try:
        target = engine.embedder().recipe
    except ModelUnusable as error:
        log.error("the configured embedder is unusable: %s", error)
        return
    takeover.aim(target)
    takeover.forget()
    recipes.look()
    if needed(target) and (mine := building.claim(target)):
        _wake_next(mine)


def needed(recipe: str) -> Step | None:
    """The next step of `recipe`, None when nothing is left or it is no longer wanted."""
    row = Recipe.objects.filter(name=recipe).exclude(state=Recipe.State.RETIRED).first()
    if row is None:
        return None
    if vectors.missing(recipe).exists():
        return Step.EMBED
    return Step.FINISH if row.prepared_at is None or row.state == Recipe.State.BUILDING else None


def go_on(mine: str, step: Step) -> None:
    """Take `step`, if it is due and the claim is ours, and wake a worker for the next one."""
    if _due(mine) is not step or take(mine, step):
        _wake_next(mine)


def _wake_next(mine: str) -> None:
    if step := _due(mine):
        wake(tasks.embed_passages if step is Step.EMBED else tasks.finish_recipe, mine)


def _due(mine: str) -> Step | None:
    """The next step of the recipe that is claimed; when there is none, the claim is given back."""
    row = building.renew(mine)
    step = needed(row.name) if row else None
    if step is None:
        building.release(mine)
    return step


def take(mine: str, step: Step) -> bool:
    """Take `step` of the recipe that is claimed; whether this process could."""
    row = building.renew(mine, TRAINING_SECONDS if step is Step.FINISH else building.WORKING_SECONDS)
    embedder = recipes.embedder_of(row.name) if row else None
    if row is None or embedder is None:
        return False
    try:
        building.embed_some(mine, embedder) if step is Step.EMBED else _finish(row, mine, embedder)
    except Exception as error:
        building.note(mine, type(error).__name__)
        raise
    return True


def _finish(row: Recipe, mine: str, embedder: Embedder) -> None:
    taught, error = (None, row.error) if row.prepared_at else _train(row, embedder)
    _take_over(row.name, mine, taught, error)


def _train(row: Recipe, embedder: Embedder) -> tuple[Taught | None, str]:
    """Triage for the recipe, if there is a triage to replace; or why there is none, which stops nothing."""
    if versions.serves(row.name):
        return None, ""
    if row.attempts >= MAX_TRAININGS:
        return None, "the worker died while training"
    Recipe.objects.filter(pk=row.pk, claim=row.claim).update(attempts=F("attempts") + 1)
    try:
        return versions.teach(embedder), ""
    except CannotTrain as error:
        return None, str(error)
    except SoftTimeLimitExceeded:
        return None, "it took too long"
    except Exception as error:  # said on the page; search need not wait for triage
        log.exception("triage could not be trained for %s", row.name)
        return None, type(error).__name__


@transaction.atomic
def _take_over(recipe: str, mine: str, taught: Taught | None, error: str) -> None:
    """Search and triage change together, if the claim is still ours and no passage came meanwhile."""
    takeover.alone()
    ours = Recipe.objects.filter(name=recipe, claim=mine)
    if not ours.update(prepared_at=Coalesce("prepared_at", Now()), error=error[:300]):
        return
    if taught:
        versions.keep(taught)
    if takeover.switch(recipe):
        versions.activate(recipe)
