"""Articles that need a look: never cited, often rejected, or saying something else than another one."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from knowledge.contradictions import Pair, contradictions
from knowledge.models import ArticleVersion
from tickets.models import Citation, Review

# An article is new for so long: that nobody has cited it yet says nothing.
NEW = timedelta(days=30)
OFTEN = 2
SHOWN = 100


@dataclass(frozen=True)
class Rejected:
    """An article's newest version, and how many drafts were rejected for it."""

    version: ArticleVersion
    count: int


def never_cited() -> list[ArticleVersion]:
    """Public articles that no draft has cited since they are known, the oldest first."""
    cited = Citation.objects.filter(passage__version__article=OuterRef("article"))
    current = ArticleVersion.objects.filter(
        Q(passages__current=True), article__is_deleted=False, visibility="public",
        article__versions__created_at__lt=timezone.now() - NEW,
    )  # fmt: skip
    rows = current.annotate(cited=Exists(cited)).filter(cited=False).distinct()
    return list(rows.select_related("article__source").order_by("created_at")[:SHOWN])


def often_rejected() -> list[Rejected]:
    """Articles of drafts that were rejected for what they stood on, the worst first."""
    counts = {
        row["passage__version__article"]: row["drafts"]
        for row in Citation.objects.filter(draft__review__reason__in=Review.ABOUT_SOURCES)
        .values("passage__version__article")
        .annotate(drafts=Count("draft", distinct=True))
        .filter(drafts__gte=OFTEN)
    }
    newest = ArticleVersion.objects.filter(article__in=counts, article__is_deleted=False)
    versions = newest.order_by("article_id", "-number").distinct("article_id").select_related("article__source")
    rows = [Rejected(version, counts[version.article_id]) for version in versions]
    return sorted(rows, key=lambda row: -row.count)[:SHOWN]


def revealing() -> list[ArticleVersion]:
    """Articles that hold a card, an official number, a date of birth or a key, the newest first."""
    current = ArticleVersion.objects.filter(passages__current=True, article__is_deleted=False).exclude(reveals={})
    return list(current.distinct().select_related("article__source").order_by("-created_at")[:SHOWN])


__all__ = ["Pair", "Rejected", "contradictions", "never_cited", "often_rejected", "revealing"]
