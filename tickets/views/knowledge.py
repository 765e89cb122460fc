"""What the house knows: its articles, each in the version that a draft was checked against."""

from django.db.models import Count, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from knowledge import status
from knowledge.models import ArticleVersion
from tickets.access import PersonRequest, role_required
from tickets.models import Citation
from tickets.models.people import Role
from tickets.views import marking


@role_required(Role.AGENT)
@require_safe
def articles(request: PersonRequest) -> HttpResponse:
    """Every article in its newest version, the most cited first."""
    cited = _cited()
    rows = [(version, cited.get(version.article_id, 0)) for version in _newest()]
    rows.sort(key=lambda row: (-row[1], row[0].title))
    return render(request, "knowledge.html", {"articles": rows, "embedder": status.read()})


@role_required(Role.MANAGER)
@require_safe
def embedder(request: PersonRequest) -> HttpResponse:
    """Which embedder serves, and how far a change has come; asked for again while one is under way."""
    return render(request, "_fragments/embedder.html", {"embedder": status.read()})


@role_required(Role.AGENT)
@require_safe
def article(request: PersonRequest, pk: int) -> HttpResponse:
    """The newest version."""
    newest = get_object_or_404(ArticleVersion.objects.filter(article=pk).order_by("-number")[:1])
    return redirect("article_version", pk, newest.number)


@role_required(Role.AGENT)
@require_safe
def version(request: PersonRequest, pk: int, number: int) -> HttpResponse:
    """One version, with the passage and the words that a citation points at."""
    row = get_object_or_404(ArticleVersion.objects.select_related("article"), article=pk, number=number)
    body = marking.render(row.body, list(row.passages.all()), _quote(request.GET))
    newest = ArticleVersion.objects.filter(article=pk).order_by("-number").values_list("number", flat=True)[0]
    values = {
        "version": row, "body": mark_safe(body), "newest": newest,  # noqa: S308 - sanitised by marking
        "versions": _history(pk),
    }  # fmt: skip
    return render(request, "article.html", values)


def _history(article: int) -> QuerySet[ArticleVersion]:
    """Every version, the newest first, with the number of drafts that cite it."""
    cited = Count("passages__citations__draft", distinct=True)
    return ArticleVersion.objects.filter(article=article).annotate(cited=cited).defer("body").order_by("-number")


def _newest() -> QuerySet[ArticleVersion]:
    """The newest version of each article that its source still has."""
    versions = ArticleVersion.objects.filter(article__is_deleted=False).select_related("article__source")
    return versions.order_by("article_id", "-number").distinct("article_id")


def _cited() -> dict[int, int]:
    """In how many drafts each article was cited, in whichever version."""
    rows = (
        Citation.objects.order_by().values("passage__version__article").annotate(drafts=Count("draft", distinct=True))
    )
    return {row["passage__version__article"]: row["drafts"] for row in rows}


def _quote(params: QueryDict) -> marking.Quote | None:
    """The words named by `p`, `from` and `to`, if all three are numbers."""
    values = [params.get(name, "") for name in ("p", "from", "to")]
    return marking.Quote(*map(int, values)) if all(value.isdecimal() for value in values) else None
