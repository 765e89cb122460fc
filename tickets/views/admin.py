"""Connections and routing, for administrators."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Max, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tickets import deliveries as calls
from tickets.access import PersonRequest, get_delivery_for, get_rule_for, get_team_for, role_required
from tickets.forms import RuleForm, ToneForm
from tickets.intents import known_intents
from tickets.models import Delivery, Helpdesk, RoutingRule, Team
from tickets.models.people import Role


@role_required(Role.ADMINISTRATOR)
@require_safe
def helpdesks(request: PersonRequest) -> HttpResponse:
    """Where tickets come from, and where replies go."""
    rows = Helpdesk.objects.annotate(
        last_delivery=Max("deliveries__received_at"),
        failed=Count("deliveries", filter=Q(deliveries__state=Delivery.State.FAILED)),
    )
    site = request.build_absolute_uri("/").rstrip("/")
    return render(request, "admin/helpdesks.html", {"helpdesks": rows, "site": site})


@role_required(Role.ADMINISTRATOR)
@require_safe
def deliveries(request: PersonRequest) -> HttpResponse:
    """Every webhook call, the newest first; bodies are not shown."""
    state = request.GET.get("state", "")
    rows = Delivery.objects.select_related("helpdesk", "ticket").defer("body")
    if state in Delivery.State.values:
        rows = rows.filter(state=state)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    values = {"page": page, "state": state, "states": Delivery.State.choices}
    return render(request, "admin/deliveries.html", values)


@role_required(Role.ADMINISTRATOR)
@require_POST
def replay(request: PersonRequest, pk: int) -> HttpResponse:
    """Work through a failed delivery again."""
    calls.replay(get_delivery_for(request.user, pk))
    messages.success(request, _("The delivery is being processed again."))
    return redirect("deliveries")


@role_required(Role.ADMINISTRATOR)
def rules(request: PersonRequest) -> HttpResponse:
    """The routing rules in the order in which they are asked."""
    form = RuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        rule = form.save(commit=False)
        rule.position = (RoutingRule.objects.aggregate(last=Max("position"))["last"] or 0) + 1
        rule.save()
        return redirect("rules")
    teams = [(team, ToneForm(instance=team, auto_id=f"tone-{team.pk}-%s")) for team in Team.objects.all()]
    rows = RoutingRule.objects.select_related("team")
    values = {"rules": rows, "form": form, "intents": known_intents(), "teams": teams}
    return render(request, "admin/rules.html", values, status=422 if form.errors else 200)


@role_required(Role.ADMINISTRATOR)
@require_POST
def team_tone(request: PersonRequest, pk: int) -> HttpResponse:
    """How the team's drafts sound from now on; drafts that are written stay as they are."""
    form = ToneForm(request.POST, instance=get_team_for(request.user, pk))
    if not form.is_valid():
        return HttpResponse(_("Choose one of the tones."), status=422)
    form.save()
    messages.success(request, _("The next drafts of this team will sound so."))
    return redirect("rules")


@role_required(Role.ADMINISTRATOR)
@require_POST
def delete_rule(request: PersonRequest, pk: int) -> HttpResponse:
    """Forget a rule; tickets that it routed stay where they are."""
    get_rule_for(request.user, pk).delete()
    return redirect("rules")


@role_required(Role.ADMINISTRATOR)
@require_POST
def move_rule(request: PersonRequest, pk: int) -> HttpResponse:
    """One place up or down. Positions are written anew, so that equal ones sort themselves out."""
    rule = get_rule_for(request.user, pk)
    with transaction.atomic():
        order = list(RoutingRule.objects.select_for_update())
        here = order.index(rule)
        there = min(max(here + (-1 if "up" in request.POST else 1), 0), len(order) - 1)
        order.insert(there, order.pop(here))
        for position, each in enumerate(order, start=1):
            each.position = position
        RoutingRule.objects.bulk_update(order, ["position"])
    return redirect("rules")
