"""A source switched off and on.

Invariant: nothing is deleted: what drafts have cited stays readable, and an article comes back with its versions.
"""

from django.db import transaction

from knowledge import runs, takeover
from knowledge.models import Article, Source
from knowledge.versions import retire


def switch_off(source: Source) -> None:
    """Take its articles out of every search, and look at it no more."""
    runs.stop(source)
    Source.objects.filter(pk=source.pk).update(is_active=False)
    for article in source.articles.filter(is_deleted=False):
        with transaction.atomic():
            takeover.stay()
            retire(article)
            Article.objects.filter(pk=article.pk).update(is_deleted=True)


def switch_on(source: Source) -> None:
    """Let it be looked at again; the next look brings its articles back."""
    Source.objects.filter(pk=source.pk).update(is_active=True)
