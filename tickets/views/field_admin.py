"""The fields that tickets have, for administrators.

Invariant: a definition is tried before it is kept, and a deleted one can be taken back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tickets import naming, ready_fields, trying_fields
from tickets.access import PersonRequest, get_definition_for, role_required
from tickets.field_forms import FieldForm
from tickets.finding import active
from tickets.labelling import known_intents
from tickets.models import FieldDefinition
from tickets.models.people import Role


@dataclass(frozen=True)
class Group:
    """The fields of one intent; "" for every intent."""

    intent: str
    fields: Sequence[FieldDefinition]


@role_required(Role.ADMINISTRATOR)
@require_safe
def definitions(request: PersonRequest) -> HttpResponse:
    """Every field, by intent; `deleted` offers to take one back."""
    deleted = request.GET.get("deleted", "")
    gone = FieldDefinition.objects.exclude(deleted_at=None).filter(pk=deleted).first() if deleted.isdecimal() else None
    values = {"groups": list(_groups()), "offered": ready_fields.offered(), "gone": gone}
    return render(request, "admin/fields.html", values)


def _groups() -> Iterator[Group]:
    for intent, fields in groupby(active().order_by("intent", "pk"), key=lambda one: one.intent):
        yield Group(intent, list(fields))


@role_required(Role.ADMINISTRATOR)
def new(request: PersonRequest) -> HttpResponse:
    """Add a field."""
    return _edit(request, FieldDefinition(intent=request.GET.get("intent", "")[:100]))


@role_required(Role.ADMINISTRATOR)
def edit(request: PersonRequest, pk: int) -> HttpResponse:
    """Change a field."""
    return _edit(request, get_definition_for(request.user, pk))


def _edit(request: PersonRequest, definition: FieldDefinition) -> HttpResponse:
    form = FieldForm(request.POST or None, instance=definition)
    trial = None
    if request.method == "POST" and form.is_valid():
        if "try" not in request.POST:
            kept = form.save()
            said = _("%(field)s is looked for in new messages from now on.")
            messages.success(request, said % {"field": naming.label(kept.name)})
            return redirect("fields")
        trial = trying_fields.trial(form.save(commit=False), request.POST.get("sample", ""))
    values = {"form": form, "trial": trial, "sample": request.POST.get("sample", ""), "intents": known_intents()}
    return render(request, "admin/field.html", values, status=422 if form.errors else 200)


@role_required(Role.ADMINISTRATOR)
@require_POST
def delete(request: PersonRequest, pk: int) -> HttpResponse:
    """Look for it no more; values that are there stay until their ticket is looked through again."""
    definition = get_definition_for(request.user, pk)
    FieldDefinition.objects.filter(pk=pk).update(deleted_at=timezone.now())
    response = redirect("fields")
    response.headers["Location"] += f"?deleted={definition.pk}"
    return response


@role_required(Role.ADMINISTRATOR)
@require_POST
def restore(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a deletion back, unless the field has been made anew."""
    definition = get_definition_for(request.user, pk)
    if active().filter(name=definition.name, intent=definition.intent).exclude(pk=pk).exists():
        messages.error(request, _("There is such a field for this intent already."))
    else:
        FieldDefinition.objects.filter(pk=pk).update(deleted_at=None)
    return redirect("fields")


@role_required(Role.ADMINISTRATOR)
@require_POST
def add_ready(request: PersonRequest) -> HttpResponse:
    """The fields that most desks need."""
    count = ready_fields.add()
    messages.success(request, ngettext("%d field was added.", "%d fields were added.", count) % count)
    return redirect("fields")
