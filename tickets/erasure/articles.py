"""Articles that were written here from the requester's tickets: listed, and erased when somebody has decided so.

Invariant: nothing is erased here that was not decided, by the article's key; and an article is withdrawn, and no look
at its source under way, before it is deleted, so that no sync brings it back.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from knowledge.models import Article, ArticleVersion, OwnArticle, Passage, Posting, SyncRun, Term
from tickets.erasure.marks import Pattern
from tickets.erasure.person import LEAST, any_of, plain
from tickets.erasure.rows import note
from tickets.models import Citation, Draft, Erasure, Gap


class Busy(Exception):
    """A look at the article's source is under way: again in a moment."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An own article that may be the requester's words."""

    pk: int
    title: str
    state: str
    names_them: bool

    @property
    def state_label(self) -> str:
        """For people."""
        return str(OwnArticle.State(self.state).label)


def candidates(tickets: list[int], gaps: list[int], texts: list[str], pattern: Pattern) -> Iterator[Candidate]:
    """Those begun from these tickets or their gaps, and those that hold their words or name them."""
    of_gaps = set(Gap.objects.filter(pk__in=gaps).exclude(article=None).values_list("article_id", flat=True))
    for article in OwnArticle.objects.order_by("pk").iterator(chunk_size=100):
        said = f"{article.title}\n{article.body}"
        names = pattern.finds(said) or pattern.finds(article.address)
        began = bool(set(article.made_from) & set(tickets)) or article.pk in of_gaps
        if began or names or _shares(article.body, texts):
            yield Candidate(article.pk, article.title, article.state, names)


def _shares(body: str, texts: list[str]) -> bool:
    """Whether a paragraph of it stands in one of these texts."""
    parts = [plain(part) for part in body.split("\n")]
    return any(part in text for part in parts if len(part) >= LEAST for text in texts)


def published_elsewhere(pattern: Pattern) -> int:
    """Articles of other sources that name the requester: to be changed there."""
    if not pattern:
        return 0
    found = ArticleVersion.objects.filter(any_of(["title", "body"], pattern.for_sql))
    return found.exclude(article__source__kind="own").values("article").distinct().count()


def erase(pk: int, erasure: Erasure) -> None:
    """The article, its versions, passages and what makes them findable. Raises Busy."""
    article = OwnArticle.objects.filter(pk=pk).first()
    if article is None:
        return
    OwnArticle.objects.filter(pk=pk).update(state=OwnArticle.State.WITHDRAWN)
    if SyncRun.objects.filter(source=article.source_id, state=SyncRun.State.RUNNING).exists():
        raise Busy
    _erase(article, erasure)


@transaction.atomic
def _erase(article: OwnArticle, erasure: Erasure) -> None:
    published = Article.objects.filter(source=article.source_id, external_id=article.external_id)
    list(published.select_for_update().values_list("pk"))
    passages = Passage.objects.filter(version__article__in=published)
    _uncite(passages.values_list("pk", flat=True))
    terms = list(Posting.objects.filter(passage__in=passages).values_list("term_id", flat=True))
    gone = Counter(published.delete()[1])
    gone.update(Term.objects.filter(pk__in=terms).exclude(pk__in=Posting.objects.values("term")).delete()[1])
    Gap.objects.filter(article=article).update(state=Gap.State.OPEN, published_at=None)
    gone.update(article.delete()[1])
    note(erasure, gone)


def _uncite(passages: QuerySet[Passage, int]) -> None:
    """Sentences of other drafts that stood on it stay, and stand on nothing."""
    citations = Citation.objects.filter(passage__in=passages)
    keys = list(citations.order_by("draft").values_list("draft", flat=True).distinct())
    for draft in Draft.objects.select_for_update().filter(pk__in=keys).order_by("pk"):
        lost = set(citations.filter(draft=draft).values_list("number", flat=True))
        for sentence in draft.sentences:
            sentence["cites"] = [number for number in sentence["cites"] if number not in lost]
        Draft.objects.filter(pk=draft.pk).update(sentences=draft.sentences)
    citations.delete()
