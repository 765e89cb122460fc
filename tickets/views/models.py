"""What triage has learned: its models over time, the training under way, and from whose tickets it may learn."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tickets import nightly, versions
from tickets.access import PersonRequest, get_helpdesk_for, role_required
from tickets.models import Helpdesk, TrainingRow, TrainingRun, TriageModel
from tickets.models.people import Role
from tickets.templatetags.learned import pointless
from tickets.views import model_plot

SHOWN = 50


@role_required(Role.MANAGER)
@require_safe
def models(request: PersonRequest) -> HttpResponse:
    """Every model with its figures, the newest first."""
    rows = _models()
    values = {
        **_progress(), "models": rows, "plot": model_plot.draw(rows), "next_look": nightly.next_look(timezone.now()),
        "helpdesks": Helpdesk.objects.all(), "origins": _origins(),
    }  # fmt: skip
    return render(request, "triage/models.html", values)


@role_required(Role.MANAGER)
@require_safe
def progress(request: PersonRequest) -> HttpResponse:
    """How far the training is; when it is over, the whole page is asked for again."""
    values = _progress()
    response = render(request, "triage/_training.html", values)
    if not values["run"]:
        response["HX-Refresh"] = "true"
    return response


@role_required(Role.MANAGER)
@require_POST
def train(request: PersonRequest) -> HttpResponse:
    """Train now."""
    if reason := nightly.ask(request.user):
        messages.info(request, pointless(reason))
    return redirect("models")


@role_required(Role.ADMINISTRATOR)
@require_POST
def choose(request: PersonRequest, pk: int) -> HttpResponse:
    """Have a former model serve."""
    try:
        versions.choose(pk, request.user)
    except versions.CannotGoBack:
        messages.error(request, _("This model is no longer there: it knew rows that were erased."))
        return redirect("models")
    messages.success(request, _("That model serves from now on, until you unpin it."))
    return redirect("models")


@role_required(Role.ADMINISTRATOR)
@require_POST
def unpin(request: PersonRequest, pk: int) -> HttpResponse:
    """Let nights replace the model again."""
    if versions.unpin(pk):
        messages.success(request, _("A better model may take over again."))
    return redirect("models")


@role_required(Role.ADMINISTRATOR)
@require_POST
def switch_teaching(request: PersonRequest, pk: int) -> HttpResponse:
    """Let triage learn from a helpdesk\u2019s tickets, or no longer."""
    helpdesk = get_helpdesk_for(request.user, pk)
    Helpdesk.objects.filter(pk=pk).update(may_teach=not helpdesk.may_teach)
    if helpdesk.may_teach:
        said = _("Its tickets teach triage no longer. What was learned from them is forgotten by a training soon.")
    else:
        said = _("Triage may learn from its tickets.")
    messages.success(request, said)
    return redirect("models")


def _models() -> list[TriageModel]:
    rows = TriageModel.objects.defer("blob", "twin", "knows", "twin_knows")
    return list(rows.select_related("run__asked_by", "chosen_by")[:SHOWN])


def _progress() -> dict[str, Any]:
    run = TrainingRun.objects.filter(state__in=TrainingRun.OPEN).first()
    last = TrainingRun.objects.filter(state=TrainingRun.State.FAILED).first()
    newer = last and TrainingRun.objects.filter(state=TrainingRun.State.DONE, pk__gt=last.pk).exists()
    return {"run": run, "failed": None if newer else last}


def _origins() -> list[tuple[str, int]]:
    """How many rows there are by who said so."""
    counted = [(label, TrainingRow.objects.filter(origin=origin).count()) for origin, label in _choices()]
    return [(label, number) for label, number in counted if number]


def _choices() -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in TrainingRow.Origin.choices]
