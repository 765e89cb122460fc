"""A document to an article version that can be found.

Invariant: an article's old version stays the current one until its new one is whole (text, postings, a vector of
every recipe that is kept), and the change-over is one transaction.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from copilot.inference.embedder import Embedder, Vectors
from copilot.privacy.revealing import revealed
from knowledge import abbreviations, postings, recipes, takeover, vectors
from knowledge.chunks import chunks
from knowledge.models import Abbreviation, Article, ArticleVersion, Passage, PassageVector, Posting, Source
from knowledge.sources.base import Document


@dataclass(frozen=True, slots=True)
class Written:
    """A version and its passages, not yet in the database, with the weighted words of each passage."""

    external_id: str
    address: str
    version: ArticleVersion
    passages: Sequence[Passage]
    words: Sequence[Counter[str]]


class SideBySide:
    """The vectors of some passages by recipe, each made when it is first asked for."""

    def __init__(self, passages: Sequence[Passage], target: Embedder) -> None:
        self._passages = passages
        self._target = target
        self._made: dict[str, Vectors | None] = {}

    def of(self, recipe: str) -> Vectors | None:
        """In the order of the passages; None when that model is not on this machine."""
        if recipe not in self._made:
            embedder = self._target if recipe == self._target.recipe else recipes.embedder_of(recipe)
            self._made[recipe] = vectors.embed(self._passages, embedder) if embedder else None
        return self._made[recipe]


def write(document: Document) -> Written:
    """Cut the document into passages."""
    version = ArticleVersion(
        title=document.title[:500], section=document.section[:200], language=document.language,
        visibility=document.visibility, body=document.body, fingerprint=document.fingerprint,
        reveals=revealed(document.body),
    )  # fmt: skip
    pieces = chunks(document.body)
    words = [
        postings.frequencies(f"{document.title} {piece.heading}", piece.text, document.language) for piece in pieces
    ]
    passages = [
        Passage(
            version=version, position=position, heading=piece.heading[:500], anchor=piece.anchor[:200],
            text=piece.text, language=document.language, visibility=document.visibility,
            words=sum(words[position].values()),
        )
        for position, piece in enumerate(pieces)
    ]  # fmt: skip
    return Written(document.external_id, document.address, version, passages, words)


@transaction.atomic
def publish(source: Source, new: Written, made: SideBySide, start: int) -> None:
    """Make `new` the current version; its vectors begin at `start` in `made`."""
    takeover.stay()
    article, _ = Article.objects.update_or_create(
        source=source, external_id=new.external_id, defaults={"is_deleted": False, "address": new.address}
    )
    Article.objects.select_for_update().get(pk=article.pk)  # two syncs at once make two versions, not one twice
    retire(article)
    new.version.article = article
    new.version.number = (article.versions.values_list("number", flat=True).first() or 0) + 1
    new.version.save()
    Passage.objects.bulk_create(new.passages)
    _make_findable(new, made, start)


def _make_findable(new: Written, made: SideBySide, start: int) -> None:
    postings.write(new.passages, new.words)
    abbreviations.write(new.passages)
    # Read under the lock: a recipe that began or took over since the batch was embedded is made up for here.
    for recipe in recipes.kept():
        if (all_of_batch := made.of(recipe)) is not None:
            vectors.keep(new.passages, all_of_batch[start : start + len(new.passages)], recipe)


def retire(article: Article) -> None:
    """Take the article's passages out of every search; cited ones stay readable."""
    old = Passage.objects.filter(version__article=article, current=True)
    Posting.objects.filter(passage__in=old).delete()
    Abbreviation.objects.filter(passage__in=old).delete()
    PassageVector.objects.filter(passage__in=old).delete()
    old.update(current=False)
