"""Which embedder's vectors searches read.

Invariant: one recipe serves at a time, and a search compares its question with vectors of one recipe only.
"""

import logging
from functools import lru_cache

from copilot import engine
from copilot.inference.embedder import Embedder
from copilot.inference.manifest import ModelUnusable
from knowledge.models import Recipe

log = logging.getLogger(__name__)


def serving() -> str | None:
    """The recipe that searches read; None before the first article."""
    return Recipe.objects.filter(state=Recipe.State.SERVING).values_list("name", flat=True).first()


def serving_embedder() -> Embedder:
    """What questions are embedded with. Raises ModelUnusable.

    When the serving model has left the machine this is the configured one, with which searches go by words alone
    until it has read everything.
    """
    recipe = serving()
    return (embedder_of(recipe) if recipe else None) or engine.embedder()


def is_whole(recipe: str) -> bool:
    """Whether every passage has its vector, as of the recipe that serves and of those that have just served."""
    return Recipe.objects.filter(name=recipe).exclude(state=Recipe.State.BUILDING).exists()


def embedder_of(recipe: str) -> Embedder | None:
    """The embedder of `recipe`, or None, said once, when its model is not here or cannot be loaded."""
    try:
        embedder, why = engine.embedder_of(recipe), "its model is not on this machine"
    except ModelUnusable as error:
        embedder, why = None, str(error)
    if embedder is None:
        _say(recipe, why)
    return embedder


@lru_cache(maxsize=16)
def _say(recipe: str, why: str) -> None:
    log.warning("nothing is embedded by %s: %s", recipe, why)


def kept() -> list[str]:
    """Every recipe whose vectors a new passage needs: a search, the change under way or a way back may read them."""
    return list(Recipe.objects.values_list("name", flat=True))


def trouble(recipe: str) -> str:
    """What went wrong while `recipe` was prepared, if anything did."""
    return Recipe.objects.filter(name=recipe).values_list("error", flat=True).first() or ""


def mend(recipe: str) -> None:
    """What went wrong has been put right."""
    Recipe.objects.filter(name=recipe).exclude(prepared_at=None).exclude(error="").update(error="")


def look() -> None:
    """Note whether the serving model is on this machine, for the pages, which load no model."""
    recipe = serving()
    if recipe is not None:
        here = embedder_of(recipe) is not None
        Recipe.objects.filter(name=recipe, is_here=not here).update(is_here=here)
