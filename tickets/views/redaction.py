"""What is hidden from models, as administrators set it.

Invariant: a text that is tried is shown to who typed it and kept nowhere.
"""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from copilot import privacy
from copilot.privacy.spans import OPTIONAL
from tickets import redaction as rules
from tickets.access import PersonRequest, role_required
from tickets.models import Redaction, RedactionRule
from tickets.models.people import Role
from tickets.redaction_forms import AllowedForm, PatternForm

Kind = RedactionRule.Kind
FORMS: dict[str, type[forms.Form]] = {Kind.PATTERN: PatternForm, Kind.ALLOWED: AllowedForm}


@role_required(Role.ADMINISTRATOR)
@require_safe
def redaction(request: PersonRequest) -> HttpResponse:
    """What is masked always, what besides, and what is not; `deleted` offers to take one back."""
    return _page(request)


@role_required(Role.ADMINISTRATOR)
@require_POST
def try_out(request: PersonRequest) -> HttpResponse:
    """A text as models would read it, with the pattern that is being written, if one is."""
    form = (
        PatternForm(request.POST, label_suffix="")
        if request.POST.get("pattern-value")
        else PatternForm(label_suffix="")
    )
    kept = list(RedactionRule.objects.filter(deleted_at=None))
    if form.is_bound and form.is_valid():
        kept.append(RedactionRule(kind=Kind.PATTERN, **form.cleaned_data))
    sample = request.POST.get("sample", "")[:20_000]
    policy = rules.policy(rules.settings().optional, kept)
    tried = privacy.redact(sample, policy=policy) if sample and not form.errors else None
    return _page(request, form, sample=sample, tried=tried)


@role_required(Role.ADMINISTRATOR)
@require_POST
@transaction.atomic
def add(request: PersonRequest, kind: str) -> HttpResponse:
    """Add a pattern, or an allowed value."""
    form = FORMS[kind](request.POST, label_suffix="") if kind in FORMS else None
    if form is None or not form.is_valid():
        return _page(request, form)
    RedactionRule.objects.create(kind=kind, created_by=request.user, **form.cleaned_data)
    return _changed(request)


@role_required(Role.ADMINISTRATOR)
@require_POST
@transaction.atomic
def delete(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a rule out; the page offers to take that back."""
    rule = get_object_or_404(RedactionRule, pk=pk, deleted_at=None)
    RedactionRule.objects.filter(pk=pk).update(deleted_at=timezone.now())
    rules.changed()
    response = redirect("redaction")
    response.headers["Location"] += f"?deleted={rule.pk}"
    return response


@role_required(Role.ADMINISTRATOR)
@require_POST
@transaction.atomic
def restore(request: PersonRequest, pk: int) -> HttpResponse:
    """Put a deleted rule back."""
    get_object_or_404(RedactionRule, pk=pk)
    RedactionRule.objects.filter(pk=pk).update(deleted_at=None)
    return _changed(request)


@role_required(Role.ADMINISTRATOR)
@require_POST
@transaction.atomic
def optional(request: PersonRequest) -> HttpResponse:
    """Which kinds are masked besides."""
    chosen = sorted(OPTIONAL & set(request.POST.getlist("kind")))
    Redaction.objects.filter(pk=rules.settings().pk).update(optional=chosen)
    return _changed(request)


def _changed(request: PersonRequest) -> HttpResponse:
    rules.changed()
    messages.success(request, _("It counts from now on; tickets that are here are gone through in the background."))
    return redirect("redaction")


def _page(request: PersonRequest, form: forms.Form | None = None, **more: object) -> HttpResponse:
    asked = request.GET.get("deleted", "")
    gone = RedactionRule.objects.exclude(deleted_at=None).filter(pk=asked).first() if asked.isdecimal() else None
    kept = RedactionRule.objects.filter(deleted_at=None).select_related("created_by")
    values = {
        "patterns": kept.filter(kind=Kind.PATTERN), "allowed": kept.filter(kind=Kind.ALLOWED), "gone": gone,
        "pattern_form": form if isinstance(form, PatternForm) else PatternForm(label_suffix=""),
        "allowed_form": form if isinstance(form, AllowedForm) else AllowedForm(label_suffix=""),
        "optional": [(kind, kind in rules.settings().optional) for kind in sorted(OPTIONAL)],
        "left": rules.left(), **more,
    }  # fmt: skip
    return render(request, "admin/redaction.html", values, status=422 if form is not None and form.errors else 200)
