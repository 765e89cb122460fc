"""Sources, articles, passages, and what makes them findable."""

from knowledge.models.article import Article, ArticleVersion, Passage, PassageVector, Posting, Visibility
from knowledge.models.own import OwnArticle
from knowledge.models.recipe import Recipe
from knowledge.models.source import Source, SyncError, SyncRun, WebPage
from knowledge.models.weight import FusionWeight

__all__ = [
    "Article", "ArticleVersion", "FusionWeight", "OwnArticle", "Passage", "PassageVector", "Posting", "Recipe",
    "Source", "SyncError", "SyncRun", "Visibility", "WebPage",
]  # fmt: skip
