"""What an administrator types about redaction."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from copilot.privacy.policy import BadPolicy, Pattern
from tickets.models import RedactionRule
from tickets.patterns import complaint

Kind = RedactionRule.Kind


class PatternForm(forms.Form):
    """A pattern of the desk's own, and a text to try it on."""

    prefix = "pattern"
    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("As you call it: Customer number."))
    value = forms.CharField(
        label=_("Pattern"), max_length=500, strip=True,
        help_text=_("A regular expression, such as KD-\\d{8}. Its first group, if it has one."),
        widget=forms.TextInput(attrs={"class": "code", "spellcheck": "false", "autocomplete": "off"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """One that compiles, is quick on every text, and has a name that no other has."""
        said = self.cleaned_data
        value, name = said.get("value", ""), said.get("name", "")
        if value and (wrong := complaint(value) or _unusable(name, value)):
            self.add_error("value", wrong)
        if RedactionRule.objects.filter(kind=Kind.PATTERN, name__iexact=name, deleted_at=None).exists():
            self.add_error("name", _("There is a pattern of this name."))
        return said


class AllowedForm(forms.Form):
    """A value that stays readable."""

    prefix = "allowed"
    value = forms.CharField(
        label=_("Value"), max_length=200, strip=True,
        help_text=_("The whole value: a product called Amex, your telephone number, or @example.com for all of it."),
    )  # fmt: skip

    def clean_value(self) -> str:
        """One that is not there already."""
        value = str(self.cleaned_data["value"])
        if RedactionRule.objects.filter(kind=Kind.ALLOWED, value__iexact=value, deleted_at=None).exists():
            raise forms.ValidationError(_("This value is on the list."))
        return value


def _unusable(name: str, value: str) -> str:
    try:
        Pattern(name or "?", value)
    except BadPolicy as error:
        return str(error)
    return ""
