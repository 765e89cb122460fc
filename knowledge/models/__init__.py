"""Sources, articles, passages, and what makes them findable."""

from knowledge.models.article import Article, ArticleVersion, Passage, Visibility
from knowledge.models.findable import Abbreviation, PassageVector, Posting, Term
from knowledge.models.own import OwnArticle
from knowledge.models.recipe import Recipe
from knowledge.models.source import Source, SyncError, SyncRun, WebPage
from knowledge.models.weight import FusionWeight

__all__ = [
    "Abbreviation", "Article", "ArticleVersion", "FusionWeight", "OwnArticle", "Passage", "PassageVector", "Posting",
    "Recipe", "Source", "SyncError", "SyncRun", "Term", "Visibility", "WebPage",
]  # fmt: skip
