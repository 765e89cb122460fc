"""API tokens, for administrators."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tickets import api
from tickets.access import PersonRequest, get_token_for, role_required
from tickets.models import ApiToken
from tickets.models.people import Role
from tickets.models.token import Scope
from tickets.token_forms import TokenForm


@role_required(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def tokens(request: PersonRequest) -> HttpResponse:
    """Every token, and a new one, which is shown once."""
    form, made = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with transaction.atomic():
            made = api.new_token(
                said["user"], said["name"], said["scopes"], days=said["days"], actor=f"user:{request.user.pk}"
            )
        form = TokenForm()
    labels = dict(Scope.choices)
    rows = [
        (row, [labels[scope] for scope in row.scopes if scope in labels])
        for row in ApiToken.objects.select_related("user").order_by("revoked_at", "name")
    ]
    values = {"tokens": rows, "form": form, "made": made}
    return render(request, "admin/tokens.html", values, status=422 if form.errors else 200)


@role_required(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def revoke(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask, then let a token open nothing any more."""
    token = get_token_for(request.user, pk)
    if request.method != "POST":
        return render(request, "admin/revoke_token.html", {"token": token})
    with transaction.atomic():
        api.revoke(token, f"user:{request.user.pk}")
    messages.success(request, _("%(token)s opens nothing any more.") % {"token": token})
    return redirect("tokens")
