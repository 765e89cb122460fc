"""A small knowledge base, and what a test asks of its recipes."""

from copilot.privacy import redact
from knowledge import building, recipes
from knowledge.indexing import sync
from knowledge.models import PassageVector, Recipe
from knowledge.search import search
from knowledge.sources.base import Document

TEXTS = {"refund": "A duplicate charge is refunded within ten days.", "bike": "The bike folds in ten seconds."}


class Listed:
    """A source of articles by name."""

    def __init__(self, texts):
        self.texts = texts

    def documents(self):
        for name, text in self.texts.items():
            yield Document(name, name, "", "en", "public", text)


def fill(source, machine, **texts):
    """Sync the two articles, and others or other words."""
    return sync(source, Listed({**TEXTS, **texts}), machine.embedder())


def build(machine, recipe="fake-2"):
    """What a worker does while passages lack vectors."""
    mine = building.claim(recipe)
    building.embed_some(mine, machine.embedder_of(recipe))
    building.release(mine)


def found(question="when is a duplicate charge refunded"):
    """What a search finds now."""
    embedder = recipes.serving_embedder()
    return search(redact(question), embedder=embedder, languages=["en"], audience="customer", k=5)


def states():
    return dict(Recipe.objects.values_list("name", "state"))


def count(recipe):
    return PassageVector.objects.filter(recipe__name=recipe).count()
