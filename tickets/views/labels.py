"""What the labels that triage learns from are like, and how they are put right."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tickets import label_reports, labelling, renaming
from tickets.access import PersonRequest, readable_rows, role_required
from tickets.label_health import FEW, LEAST
from tickets.models import IntentChange, LabelReport, TrainingRow, User
from tickets.models.people import Role
from tickets.templatetags.desk import intent_name

SHOWN = 20
UNDOABLE = 5


@role_required(Role.MANAGER)
@require_safe
def intents(request: PersonRequest) -> HttpResponse:
    """Each intent and its health; what looks wrong, with what to do about it."""
    newest = label_reports.newest()
    waiting = LabelReport.objects.filter(state=LabelReport.State.WAITING).exists()
    last = LabelReport.objects.first()
    values = {
        "newest": newest, "waiting": waiting, "known": labelling.known_intents(),
        "failed": last and last.state == LabelReport.State.FAILED,
        "changes": IntentChange.objects.filter(undone_at=None).select_related("changed_by")[:UNDOABLE],
        **(_report(newest.report, request.user) if newest else {}),
    }  # fmt: skip
    return render(request, "triage/intents.html", values)


@role_required(Role.MANAGER)
@require_safe
def progress(request: PersonRequest) -> HttpResponse:
    """Whether the report is there; then the page is asked for again."""
    waiting = LabelReport.objects.filter(state=LabelReport.State.WAITING).exists()
    response = render(request, "triage/_reporting.html", {"waiting": waiting})
    if not waiting:
        response["HX-Refresh"] = "true"
    return response


@role_required(Role.MANAGER)
@require_POST
def examine(request: PersonRequest) -> HttpResponse:
    """Work the report out anew."""
    label_reports.ask()
    return redirect("intents")


@role_required(Role.MANAGER)
@require_POST
def relabel(request: PersonRequest, pk: int) -> HttpResponse:
    """Give a row another label, keep its label as it is, or leave the row out for ever."""
    row = get_object_or_404(readable_rows(request.user), pk=pk)
    if "erase" in request.POST:
        row.delete()
        messages.success(request, _("The row is erased; the model forgets it soon."))
    elif "keep" in request.POST:
        labelling.accept(row)
        messages.success(request, _("The label stays."))
    elif intent := request.POST.get("intent", "").strip()[:100]:
        labelling.relabel(row, request.user, intent)
        messages.success(request, _("The row is now %(intent)s.") % {"intent": intent_name(intent)})
    else:
        messages.error(request, _("Name an intent."))
    return redirect("intents")


@role_required(Role.MANAGER)
def rename(request: PersonRequest) -> HttpResponse:
    """What a change of name would touch; posted, it is made."""
    said = request.POST if request.method == "POST" else request.GET
    old, new = said.get("old", "").strip(), said.get("new", "").strip()[:100]
    if not new or new == old or not renaming.is_known(old):
        messages.error(request, _("Choose an intent, and another name for it."))
        return redirect("intents")
    if request.method == "POST":
        renaming.change(old, new, request.user)
        messages.success(request, _("It is done. It can be undone below."))
        return redirect("intents")
    values = {"old": old, "new": new, "is_merge": renaming.is_known(new), "reach": renaming.reach(old, new)}
    return render(request, "triage/rename.html", values)


@role_required(Role.MANAGER)
@require_POST
def undo_rename(request: PersonRequest, pk: int) -> HttpResponse:
    """Give the former name back."""
    if renaming.undo(pk):
        messages.success(request, _("Undone: rows, tickets and rules are as they were."))
    else:
        messages.error(request, _("This cannot be undone: a later change builds on it. Undo that one first."))
    return redirect("intents")


def _report(report: dict[str, Any], user: User) -> dict[str, Any]:
    """The report with the rows that are still there and that `user` may read, in their words of today."""
    pairs = report["contradictions"]
    keys = [one["row"] for one in report["doubtful"]] + [one[side] for one in pairs for side in ("a", "b")]
    rows = readable_rows(user).filter(accepted_at=None).in_bulk(keys)
    return {
        "intents": report["intents"], "confusions": report["confusions"], "accuracy": report["accuracy"],
        "total": report["rows"], "few": _short(report["intents"]),
        "doubtful": _still(report["doubtful"], rows)[:SHOWN],
        "contradictions": [
            (rows[one["a"]], rows[one["b"]], one["same"])
            for one in pairs
            if one["a"] in rows and one["b"] in rows and rows[one["a"]].intent != rows[one["b"]].intent
        ][:SHOWN],
    }  # fmt: skip


def _still(doubtful: Iterable[dict[str, Any]], rows: dict[int, TrainingRow]) -> list[tuple[TrainingRow, str]]:
    found = [(rows[one["row"]], one["said"]) for one in doubtful if one["row"] in rows]
    return [(row, said) for row, said in found if row.intent != said]


def _short(found: Iterable[dict[str, Any]]) -> dict[str, list[str]]:
    """Labels with too few rows to learn from, and those with few."""
    short = [one for one in found if one["rows"] < FEW]
    return {
        "least": [one["name"] for one in short if one["rows"] < LEAST],
        "few": [one["name"] for one in short if one["rows"] >= LEAST],
        "new": [one["name"] for one in found if one["new"]],
    }
