"""What an administrator says of an API token."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.models import User
from tickets.models.token import Scope


class TokenForm(forms.Form):
    """Whom a token acts for, what it may do, and how long."""

    name = forms.CharField(label=_("What is it for?"), max_length=80)
    user = forms.ModelChoiceField(
        User.objects.filter(is_active=True).order_by("first_name", "username"), label=_("It acts for"), empty_label=None
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )  # fmt: skip
    days = forms.TypedChoiceField(
        label=_("It works for"), coerce=int, empty_value=None, required=False, initial="90",
        choices=[("30", _("30 days")), ("90", _("90 days")), ("365", _("a year")), ("", _("until it is revoked"))],
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        people = self.fields["user"]
        people.label_from_instance = lambda user: f"{user.display_name} ({user.get_role_display()})"  # type: ignore[attr-defined]
