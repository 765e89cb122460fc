"""Forgetting a requester, for administrators.

Invariant: an address is sent in a form's body, never in an address line, which logs and browsers keep.
"""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tickets.access import PersonRequest, get_erasure_for, role_required
from tickets.audit import record
from tickets.erasure import ask, matching, preview
from tickets.erasure import certificate as certificates
from tickets.erasure.person import digest
from tickets.erasure.preview import Preview
from tickets.erasure.runs import Open, resume
from tickets.erasure_forms import ConfirmForm, RequesterForm
from tickets.models import Erasure
from tickets.models.people import Role


@role_required(Role.ADMINISTRATOR)
def erasure(request: PersonRequest) -> HttpResponse:
    """Past certificates; and what erasing an address would do."""
    form = RequesterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        found = preview(form.cleaned_data["address"], form.cleaned_data["helpdesk"], files=False)
        record("erasure.preview", digest=digest(found.address), rows=sum(found.counts.values()))
        confirm = ConfirmForm(initial={"address": found.address, "helpdesk": found.helpdesk})
        return _preview(request, found, confirm)
    page = Paginator(Erasure.objects.select_related("helpdesk", "asked_by"), 50).get_page(request.GET.get("page"))
    return render(request, "admin/erasure.html", {"form": form, "page": page}, status=422 if form.errors else 200)


@role_required(Role.ADMINISTRATOR)
@require_POST
def begin(request: PersonRequest) -> HttpResponse:
    """Erase, once the address was typed."""
    requester = RequesterForm(request.POST)
    if not requester.is_valid():
        return redirect("erasure")
    found = preview(requester.cleaned_data["address"], requester.cleaned_data["helpdesk"], files=False)
    form = ConfirmForm(request.POST, articles=[one.pk for one in found.articles])
    if not form.is_valid():
        return _preview(request, found, form)
    try:
        begun = ask(
            found.address, actor=f"user:{request.user.pk}", user=request.user, helpdesk=found.helpdesk,
            articles=form.cleaned_data["articles"],
        )  # fmt: skip
    except Open:
        messages.error(request, _("Another erasure is under way. Begin this one when it has ended."))
        return _preview(request, found, form)
    return redirect("certificate", begun.pk)


def _preview(request: PersonRequest, found: Preview, form: ConfirmForm) -> HttpResponse:
    values = {"found": found, "form": form, "past": matching(found.address)}
    return render(request, "admin/erasure_preview.html", values, status=422 if form.errors else 200)


@role_required(Role.ADMINISTRATOR)
@require_safe
def certificate(request: PersonRequest, pk: int) -> HttpResponse:
    """How far it is, then what was erased; to be printed."""
    return render(request, "admin/certificate.html", _values(get_erasure_for(request.user, pk)))


@role_required(Role.ADMINISTRATOR)
@require_safe
def progress(request: PersonRequest, pk: int) -> HttpResponse:
    """How far it is; when it is over, the whole page is asked for again."""
    erasure = get_erasure_for(request.user, pk)
    response = render(request, "_fragments/erasing.html", {"erasure": erasure})
    if not erasure.is_open:
        response["HX-Refresh"] = "true"
    return response


@role_required(Role.ADMINISTRATOR)
@require_POST
def again(request: PersonRequest, pk: int) -> HttpResponse:
    """Take up one that failed."""
    try:
        resume(get_erasure_for(request.user, pk))
    except Open:
        messages.error(request, _("Another erasure is under way. Begin this one when it has ended."))
    return redirect("certificate", pk)


@role_required(Role.ADMINISTRATOR)
@require_safe
def download(request: PersonRequest, pk: int) -> HttpResponse:
    """The certificate as JSON."""
    erasure = get_erasure_for(request.user, pk)
    response = HttpResponse(certificates.as_json(erasure), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="erasure-{erasure.pk}.json"'
    return response


def _values(erasure: Erasure) -> dict[str, object]:
    return {"erasure": erasure, "said": certificates.of(erasure)}
