"""What an administrator has to look at: problems, drafts that were given up, workers.

Invariant: no customer's words are on this page; a ticket is named by its number.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Min
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from knowledge.models import Passage, Visibility
from tickets import claims, write_back
from tickets.access import PersonRequest, role_required
from tickets.models import CountedDraft, Draft, Problem, Worker
from tickets.models.people import Role

DAYS = 30
AT_ONCE = 100


@role_required(Role.ADMINISTRATOR)
@require_safe
def problems(request: PersonRequest) -> HttpResponse:
    """Everything that a person has to put right, and how the inference workers are."""
    dead = claims.dead().select_related("ticket").order_by("-ready_at")
    public = Passage.objects.filter(current=True, visibility=Visibility.PUBLIC)
    values = {
        "problems": Problem.objects.all(),
        "is_empty": not public.exists(),
        "dead": dead[:AT_ONCE],
        "dead_count": dead.count(),
        "untold": write_back.dead().select_related("ticket__helpdesk")[:AT_ONCE],
        "untold_count": write_back.dead().count(),
        "unanswered": _unanswered(),
        "days": DAYS,
        "workers": Worker.objects.all(),
        "limit": round(settings.WORKER_MEMORY_MB),
        "queue": claims.due().aggregate(count=Count("pk"), oldest=Min("created_at")),
    }
    return render(request, "admin/problems.html", values)


def _unanswered() -> Iterable[Mapping[str, Any]]:
    """Of the last DAYS: why there was no draft, and how often; drafts that were erased since count too."""
    since = timezone.now() - timedelta(days=DAYS)
    rows = Draft.objects.filter(created_at__gte=since).exclude(reason="").exclude(state=Draft.State.SUPERSEDED)
    erased = CountedDraft.objects.filter(day__gte=timezone.localdate(since)).exclude(why="")
    counts: Counter[str] = Counter()
    for found in (rows.order_by().values_list("reason"), erased.order_by().values_list("why")):
        counts.update(dict(found.annotate(count=Count("pk"))))
    return [{"reason": reason, "count": count} for reason, count in counts.most_common()]


@role_required(Role.ADMINISTRATOR)
@require_POST
def try_again(request: PersonRequest) -> HttpResponse:
    """Give one dead draft (`draft`), or all of them, another chance."""
    wanted = request.POST.get("draft", "")
    drafts = Draft.objects.filter(pk=wanted) if wanted.isdecimal() else Draft.objects.all()
    count = claims.try_again(drafts)
    messages.success(
        request, ngettext("%d draft is being tried again.", "%d drafts are being tried again.", count) % count
    )
    return redirect("problems")


@role_required(Role.ADMINISTRATOR)
@require_POST
def tell_again(request: PersonRequest) -> HttpResponse:
    """Give every placement that a helpdesk did not take another chance."""
    count = write_back.try_again()
    messages.success(
        request,
        ngettext("%d placement is being written again.", "%d placements are being written again.", count) % count,
    )
    return redirect("problems")


@role_required(Role.ADMINISTRATOR)
@require_POST
def dismiss(request: PersonRequest, pk: int) -> HttpResponse:
    """The problem has been dealt with; it comes back if it has not."""
    Problem.objects.filter(pk=pk).delete()
    messages.success(request, _("Dismissed. If it happens again, it is listed again."))
    return redirect("problems")
