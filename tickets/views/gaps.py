"""What the knowledge base lacks, and the articles that people write for it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from knowledge import own, runs
from knowledge.models import OwnArticle
from knowledge.tasks import sync_source
from tickets import gap_board, proposals
from tickets.access import PersonRequest, get_gap_for, get_own_article_for, get_reply_for, role_required
from tickets.forms import OwnArticleForm
from tickets.models import Gap, User
from tickets.models.people import Role
from tickets.wake import wake

VIEWS = {
    "open": (Gap.State.OPEN, Gap.State.WRITING),
    "published": (Gap.State.PUBLISHED,),
    "dismissed": (Gap.State.DISMISSED,),
}


@role_required(Role.MANAGER)
@require_safe
def gaps(request: PersonRequest) -> HttpResponse:
    """Gaps, the largest first, and the articles that wait to be published."""
    view = request.GET.get("view", "open")
    states = VIEWS.get(view, VIEWS["open"])
    proposed = OwnArticle.objects.filter(state=OwnArticle.State.PROPOSED).select_related("proposed_by")
    counts = gap_board.counts()
    tabs = [(name, sum(counts[state] for state in group)) for name, group in VIEWS.items()]
    values = {
        "rows": gap_board.rows(states),
        "view": view if view in VIEWS else "open",
        "tabs": tabs,
        "proposed": proposed,
    }
    return render(request, "gaps.html", values)


@role_required(Role.MANAGER)
@require_safe
def gap(request: PersonRequest, pk: int) -> HttpResponse:
    """One gap: who asked, what comes nearest, and what to do."""
    found = get_gap_for(request.user, pk)
    people = User.objects.filter(is_active=True).order_by("first_name", "username")
    values = {"row": gap_board.row(found), "examples": gap_board.examples(found, request.user), "people": people}
    return render(request, "gap.html", values)


@role_required(Role.MANAGER)
@require_POST
def write(request: PersonRequest, pk: int) -> HttpResponse:
    """Begin, or go on with, the article that fills the gap."""
    return redirect("own_article", proposals.write_for(get_gap_for(request.user, pk), request.user).pk)


@role_required(Role.MANAGER)
@require_POST
def assign(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask somebody to fill the gap; an empty choice takes it back."""
    found = get_gap_for(request.user, pk)
    chosen = request.POST.get("person", "")
    person = User.objects.filter(pk=chosen, is_active=True).first() if chosen.isdecimal() else None
    Gap.objects.filter(pk=found.pk).update(assigned_to=person)
    return redirect("gap", pk)


@role_required(Role.MANAGER)
@require_POST
def dismiss(request: PersonRequest, pk: int) -> HttpResponse:
    """Take the gap off the list, or put it back."""
    found = get_gap_for(request.user, pk)
    is_off = found.state == Gap.State.DISMISSED
    Gap.objects.filter(pk=pk).update(state=Gap.State.OPEN if is_off else Gap.State.DISMISSED)
    messages.success(request, _("The gap is back on the list.") if is_off else _("The gap is off the list."))
    return redirect("gap", pk)


@role_required(Role.MANAGER)
def own_article(request: PersonRequest, pk: int) -> HttpResponse:
    """Write an article; publish it, or withdraw it."""
    article = get_own_article_for(request.user, pk)
    form = OwnArticleForm(request.POST or None, instance=article)
    if request.method == "POST" and form.is_valid():
        article = form.save()
        return _decided(request, article)
    values = {"form": form, "article": article, "gaps": Gap.objects.filter(article=article)}
    return render(request, "own_article.html", values, status=422 if form.errors else 200)


@role_required(Role.AGENT)
@require_POST
def keep(request: PersonRequest, pk: int) -> HttpResponse:
    """Propose an accepted reply as an article."""
    reply = get_reply_for(request.user, pk)
    article = proposals.keep(reply, request.user)
    if request.user.may(Role.MANAGER):
        return redirect("own_article", article.pk)
    messages.success(request, _("Thank you. A manager reads it and publishes it."))
    return redirect("ticket", reply.ticket_id)


def _decided(request: PersonRequest, article: OwnArticle) -> HttpResponse:
    if "publish" in request.POST:
        proposals.publish(article, request.user)
        messages.success(request, _("Published. Drafts can quote it in a moment."))
    elif "withdraw" in request.POST:
        own.withdraw(article)
        messages.success(request, _("Withdrawn. It is found no more."))
    else:
        messages.success(request, _("Saved."))
    wake(sync_source, runs.ask(article.source).pk)
    return redirect("own_article", article.pk)
