"""Where articles come from, how each source is, and looking at one again."""

from django.contrib import messages
from django.db.models import Count, Prefetch, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from knowledge import runs
from knowledge.models import Source, SyncRun
from knowledge.switching import switch_off, switch_on
from knowledge.tasks import sync_source
from tickets.access import PersonRequest, get_source_for, role_required
from tickets.models.people import Role
from tickets.source_forms import SourceForm
from tickets.wake import wake

NEW_KINDS = [kind for kind in Source.Kind if kind != Source.Kind.OWN]


@role_required(Role.ADMINISTRATOR)
@require_safe
def sources(request: PersonRequest) -> HttpResponse:
    """Every source with its last look; asked for again while one goes on."""
    rows = _rows()
    values = {"sources": rows, "kinds": NEW_KINDS, "is_busy": any(run.is_open for _, run in rows if run)}
    return render(request, "_fragments/sources.html" if request.htmx else "admin/sources.html", values)


@role_required(Role.ADMINISTRATOR)
def new(request: PersonRequest, kind: str) -> HttpResponse:
    """Add a source; its first look begins at once."""
    if kind not in NEW_KINDS:
        raise Http404
    return _edit(request, SourceForm(kind, None, request.POST or None, request.FILES or None))


@role_required(Role.ADMINISTRATOR)
def edit(request: PersonRequest, pk: int) -> HttpResponse:
    """Change a source, and what its last look could not read."""
    source = get_source_for(request.user, pk)
    return _edit(request, SourceForm(source.kind, source, request.POST or None, request.FILES or None))


@role_required(Role.ADMINISTRATOR)
@require_POST
def sync_one(request: PersonRequest, pk: int) -> HttpResponse:
    """Look at a source now; `remove` agrees to losing most of its articles."""
    source = get_source_for(request.user, pk)
    if source.is_active:
        _ask(source, may_remove="remove" in request.POST)
    return redirect("sources")


@role_required(Role.ADMINISTRATOR)
@require_POST
def sync_all(request: PersonRequest) -> HttpResponse:
    """Look at every source now."""
    for source in Source.objects.filter(is_active=True):
        _ask(source)
    return redirect("sources")


@role_required(Role.ADMINISTRATOR)
@require_POST
def stop(request: PersonRequest, pk: int) -> HttpResponse:
    """End the look that goes on; what it has read stays."""
    runs.stop(get_source_for(request.user, pk))
    return redirect("sources")


@role_required(Role.ADMINISTRATOR)
@require_POST
def switch(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a source's articles out of every search, or back into it."""
    source = get_source_for(request.user, pk)
    if source.is_active:
        switch_off(source)
        messages.success(request, _("Its articles are out of every search. Switch it on again to have them back."))
    else:
        switch_on(source)
        _ask(source)
    return redirect("sources")


def _ask(source: Source, *, may_remove: bool = False) -> None:
    wake(sync_source, runs.ask(source, may_remove=may_remove).pk)


def _edit(request: PersonRequest, form: SourceForm) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        _ask(form.save())
        return redirect("sources")
    run = form.source.runs.prefetch_related("errors").first() if form.source else None
    values = {"form": form, "source": form.source, "kind": form.kind, "run": run}
    return render(request, "admin/source.html", values, status=422 if form.errors else 200)


def _rows() -> list[tuple[Source, SyncRun | None]]:
    """Each source with its newest look."""
    counted = Source.objects.annotate(count=Count("articles", filter=Q(articles__is_deleted=False))).defer("file")
    looks = Prefetch("runs", queryset=SyncRun.objects.order_by("-pk"), to_attr="looks")
    return [(source, next(iter(source.looks), None)) for source in counted.prefetch_related(looks)]
