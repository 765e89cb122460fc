"""Routing rules, tried before they act.

Invariant: whatever would route tickets otherwise (a rule, an order, a deletion) shows first what it would have done
with the newest tickets; showing writes nothing.
"""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tickets import ordering, routing, trying
from tickets.access import PersonRequest, get_rule_for, role_required
from tickets.models import RoutingRule
from tickets.models.people import Role
from tickets.rule_forms import RuleForm
from tickets.trying import Trial


@dataclass(frozen=True)
class Row:
    """A rule in the list: how many of the newest tickets it decides, and the orders with it one place up or down."""

    rule: RoutingRule
    decides: int
    up: str
    down: str


@role_required(Role.ADMINISTRATOR)
@require_safe
def rules(request: PersonRequest) -> HttpResponse:
    """The rules in the order in which they are asked; or in `order`, with what that would do."""
    now, cases = routing.rules(), trying.newest()
    shown = _wanted(now, request.GET.get("order", ""))
    is_new = [rule.pk for rule in shown] != [rule.pk for rule in now]
    counts = trying.decided(cases, shown)
    keys = [rule.pk for rule in shown]
    values = {
        "rows": [
            Row(rule, counts[rule.pk], _swapped(keys, place, place - 1), _swapped(keys, place, place + 1))
            for place, rule in enumerate(shown)
        ],
        "order": _joined(keys),
        "trial": trying.compare(cases, now, shown) if is_new else None,
        "total": len(cases),
        "placeable": trying.placeable(now),
    }
    fragment = request.htmx and request.htmx.target == "rules" and not request.htmx.history_restore_request
    return render(request, "_fragments/rules.html" if fragment else "admin/rules.html", values)


@role_required(Role.ADMINISTRATOR)
@require_POST
def order(request: PersonRequest) -> HttpResponse:
    """Keep the order that was tried."""
    try:
        ordering.reorder(_keys(request.POST.get("order", "")))
        messages.success(request, _("The new order is in force."))
    except ordering.Changed:
        messages.error(request, _("The rules have changed meanwhile. Look at them, and order them again."))
    return redirect("rules")


@role_required(Role.ADMINISTRATOR)
@require_POST
def place(request: PersonRequest) -> HttpResponse:
    """Ask the rules again about the tickets that wait without a team."""
    count = routing.place_waiting(trying.NEWEST)
    messages.success(request, ngettext("%d ticket has a team now.", "%d tickets have a team now.", count) % count)
    return redirect("rules")


@role_required(Role.ADMINISTRATOR)
def new(request: PersonRequest) -> HttpResponse:
    """Add a rule."""
    return _edit(request, RuleForm(None, routing.rules(), request.POST or None))


@role_required(Role.ADMINISTRATOR)
def edit(request: PersonRequest, pk: int) -> HttpResponse:
    """Change a rule."""
    rule = get_rule_for(request.user, pk)
    return _edit(request, RuleForm(rule, _without(rule), request.POST or None))


@role_required(Role.ADMINISTRATOR)
@require_POST
def try_rule(request: PersonRequest) -> HttpResponse:
    """What the rule in the form would have done; `rule` is the one that is being changed, if any."""
    key = request.POST.get("rule", "")
    rule = get_rule_for(request.user, int(key)) if key.isdecimal() else None
    form = RuleForm(
        rule, _without(rule), {**request.POST.dict(), "name": "–", "intents": request.POST.getlist("intents")}
    )
    values = {"form": form, "trial": _trial(form) if form.is_valid() else None, "what": "rule"}
    return render(request, "_fragments/trial.html", values)


@role_required(Role.ADMINISTRATOR)
def delete(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask, with what it would do; then forget the rule. Tickets that it routed stay where they are."""
    rule = get_rule_for(request.user, pk)
    if request.method == "POST":
        rule.delete()
        messages.success(request, _("“%s” is deleted. Tickets that it routed stay where they are.") % rule.name)
        return redirect("rules")
    trial = trying.compare(trying.newest(), routing.rules(), _without(rule))
    return render(request, "admin/delete_rule.html", {"rule": rule, "trial": trial, "what": "without"})


@role_required(Role.ADMINISTRATOR)
@require_POST
def switch(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a rule out of the order of asking, or back into it."""
    rule = get_rule_for(request.user, pk)
    on = not rule.is_active
    RoutingRule.objects.filter(pk=pk, is_active=not on).update(is_active=on)
    said = _("“%s” is asked again.") if on else _("“%s” is not asked any more. Switch it on to have it back.")
    messages.success(request, said % rule.name)
    return redirect("rules")


def _edit(request: PersonRequest, form: RuleForm) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        ordering.put(form.build(), form.index)
        messages.success(request, _("Saved. The rule is asked of every ticket from now on."))
        return redirect("rules")
    values = {"form": form, "rule": form.rule, "what": "rule"}
    return render(request, "admin/rule.html", values, status=422 if form.errors else 200)


def _trial(form: RuleForm) -> Trial:
    """As if it were switched on."""
    now, rule = routing.rules(), form.build()
    rule.is_active = True
    then = [*form.others[: form.index], rule, *form.others[form.index :]]
    return trying.compare(trying.newest(), now, then, rule)


def _without(rule: RoutingRule | None) -> list[RoutingRule]:
    return [other for other in routing.rules() if rule is None or other.pk != rule.pk]


def _wanted(now: list[RoutingRule], order: str) -> list[RoutingRule]:
    try:
        return ordering.in_order(now, _keys(order)) if order else now
    except ordering.Changed:
        return now


def _keys(order: str) -> list[int]:
    return [int(key) for key in order.split(",") if key.isdecimal() and len(key) < 10]


def _joined(keys: list[int]) -> str:
    return ",".join(map(str, keys))


def _swapped(keys: list[int], one: int, other: int) -> str:
    """The order with two neighbours changed; as it is at either end."""
    if not 0 <= other < len(keys):
        return _joined(keys)
    moved = list(keys)
    moved[one], moved[other] = moved[other], moved[one]
    return _joined(moved)
