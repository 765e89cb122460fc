"""Passages to vectors: of new passages by every recipe that is kept, of old ones for a recipe that is being built.

Invariant: a passage's vector depends on its title, heading, text and the recipe alone, whoever made it and when.
"""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, QuerySet

from copilot.inference.embedder import TITLE_WORDS, Embedder, Vectors
from copilot.inference.passages import embed_passages
from knowledge.models import ArticleVersion, Passage, PassageVector, Recipe


def missing(recipe: str) -> QuerySet[Passage]:
    """Current passages without a vector of `recipe`."""
    there = PassageVector.objects.filter(passage=OuterRef("pk"), recipe__name=recipe)
    return Passage.objects.filter(~Exists(there), current=True)


def progress(recipe: str) -> tuple[int, int]:
    """How many current passages have a vector of `recipe`, and how many there are."""
    total = Passage.objects.filter(current=True).count()
    return total - missing(recipe).count(), total


def embed(passages: Sequence[Passage], embedder: Embedder) -> Vectors:
    """Shape (passages, DIMENSIONS). The passages have their version selected."""
    return embed_passages(embedder, [_heading(passage) for passage in passages], [passage.text for passage in passages])


def _heading(passage: Passage) -> str:
    """A passage is read under its title and heading."""
    return "\n".join(part for part in (_title(passage.version), passage.heading) if part)


def _title(version: ArticleVersion) -> str:
    """The first words of an article stand for a title that it lacks: its middle alone says too little."""
    return version.title or " ".join(version.body[: 20 * TITLE_WORDS].split()[:TITLE_WORDS])


def keep(passages: Sequence[Passage], vectors: Vectors, recipe: str) -> None:
    """Write what is not there yet. Call while holding `takeover.stay()`."""
    row = Recipe.objects.get(name=recipe)
    pairs = zip(passages, vectors, strict=True)
    PassageVector.objects.bulk_create(
        (
            PassageVector(
                passage=passage, recipe=row, language=passage.language, visibility=passage.visibility, vector=vector
            )
            for passage, vector in pairs
        ),
        ignore_conflicts=True,
    )
