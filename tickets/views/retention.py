"""How long things are kept, for administrators: looked at first, then saved."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tickets import retention as rules
from tickets.access import PersonRequest, role_required
from tickets.audit import record
from tickets.erasure_forms import RetentionForm
from tickets.models import Helpdesk, RetentionRule
from tickets.models.people import Role


@role_required(Role.ADMINISTRATOR)
def retention(request: PersonRequest) -> HttpResponse:
    """What each rule would remove now; saved when exactly that was shown."""
    form = RetentionForm(request.POST if request.method == "POST" else None, helpdesks=Helpdesk.objects.all())
    due: list[rules.Due] = []
    seen = ""
    if request.method == "POST" and form.is_valid():
        if "save" in request.POST and form.was_seen:
            return _save(request, form)
        due, seen = [rules.preview(rule) for rule in form.rules()], form.signature()
    values = {"form": form, "due": due, "seen": seen, "rules": RetentionRule.objects.count()}
    return render(request, "admin/retention.html", values, status=422 if form.errors else 200)


def _save(request: PersonRequest, form: RetentionForm) -> HttpResponse:
    RetentionRule.objects.all().delete()
    RetentionRule.objects.bulk_create(form.rules())
    for rule in form.rules():
        record("retention.rule", subject=_whose(rule), what=rule.what, days=rule.days)
    messages.success(request, _("Saved. What is due goes in the coming night."))
    return redirect("retention")


def _whose(rule: RetentionRule) -> str:
    return f"helpdesk:{rule.helpdesk_id}" if rule.helpdesk_id else ""
