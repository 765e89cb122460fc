"""A routing rule as an administrator fills it in.

Invariant: what the form makes of a rule for a trial is what it saves, and every error says what to write instead.
"""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from tickets.facts import field_names
from tickets.labelling import known_intents
from tickets.matching import number
from tickets.models import RoutingRule, Team, User
from tickets.models.ticket import Priority, Urgency
from tickets.templatetags.desk import intent_name

Test = RoutingRule.Test
MOST_TAGS = 10
ANY = ("", _("any"))
PLAIN = (
    "name", "intents", "language", "urgency", "requester", "hours", "field_name", "field_test", "field_value", "team",
    "priority", "tags",
)  # fmt: skip


class RuleForm(forms.Form):
    """One rule: its conditions, what it gives, and where it stands among the others."""

    name = forms.CharField(
        label=_("Name"), max_length=120,
        error_messages={"required": _("Give the rule a name; agents see it on the tickets that it routed.")},
    )  # fmt: skip
    intents = forms.MultipleChoiceField(
        label=_("Intents"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("One of these; none chosen: any."),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[ANY, *User._meta.get_field("language").flatchoices]
    )
    urgency = forms.ChoiceField(label=_("Urgency"), required=False, choices=[ANY, *Urgency.choices])
    requester = forms.CharField(
        label=_("Requester"), max_length=500, required=False,
        widget=forms.TextInput(attrs={"placeholder": "ada@example.com, @example.org", "autocomplete": "off"}),
        help_text=_("Addresses, or @ and a domain for everybody of it; several with commas."),
    )  # fmt: skip
    hours = forms.ChoiceField(label=_("Written"), required=False, choices=[ANY, *RoutingRule.Hours.choices])
    field_name = forms.CharField(
        label=_("Field"), max_length=60, required=False,
        widget=forms.TextInput(attrs={"list": "fields", "autocomplete": "off", "placeholder": _("none")}),
    )  # fmt: skip
    field_test = forms.ChoiceField(label=_("Field’s condition"), required=False, choices=[("", "–"), *Test.choices])
    field_value = forms.CharField(label=_("Field’s value"), max_length=200, required=False)
    confidence = forms.IntegerField(
        label=_("Confidence of at least (%)"), min_value=0, max_value=100, required=False,
        error_messages={
            "min_value": _("Write a percentage from 0 to 100."), "max_value": _("Write a percentage from 0 to 100."),
            "invalid": _("Write a whole number from 0 to 100, or leave it empty."),
        },
        help_text=_("With a number, the rule also takes tickets that triage is not sure of; no person is asked."),
    )  # fmt: skip
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.all(), empty_label=_("Choose a team"),
        error_messages={
            "required": _("Choose the team that shall get these tickets."),
            "invalid_choice": _("That team is gone; choose another one."),
        },
    )  # fmt: skip
    priority = forms.ChoiceField(label=_("Priority"), required=False, choices=[("", _("as it is")), *Priority.choices])
    tags = forms.CharField(
        label=_("Tags"), max_length=400, required=False, help_text=_("Several with commas."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    place = forms.TypedChoiceField(label=_("Asked"), coerce=int, required=False, empty_value=None)

    def __init__(self, rule: RoutingRule | None, others: Sequence[RoutingRule], data: Any = None) -> None:
        """`others` are the rules beside this one, in order."""
        self.rule, self.others = rule, others
        super().__init__(data, initial=_initial(rule, others), label_suffix="")
        intents = sorted({*known_intents(), *(rule.intents if rule else [])})
        self.choices("intents", [(intent, intent_name(intent)) for intent in intents])
        after = [(place, _("after “%s”") % other.name) for place, other in enumerate(others, 1)]
        self.choices("place", [(0, _("first")), *after])
        self.names = field_names()

    def choices(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        """What may be chosen in the field `name`."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_requester(self) -> str:
        """Addresses and domains, as they are compared."""
        names = [name for name in re.split(r"[\s,;]+", self.cleaned_data["requester"].lower()) if name]
        for name in names:
            try:
                validate_email(f"someone{name}" if name.startswith("@") else name)
            except ValidationError as error:
                raise ValidationError(
                    _("“%(name)s” is no address. Write ada@example.com, or @example.com for everybody there."),
                    params={"name": name},
                ) from error
        return ", ".join(names)

    def clean_tags(self) -> list[str]:
        """Each once, in order."""
        words = [" ".join(tag.split()) for tag in self.cleaned_data["tags"].split(",")]
        tags = list(dict.fromkeys(tag for tag in words if tag))
        if len(tags) > MOST_TAGS or any(len(tag) > 40 for tag in tags):
            raise ValidationError(_("At most ten tags, each of at most 40 letters."))
        return tags

    def clean(self) -> dict[str, Any]:
        """A field's condition is whole or not there."""
        said = super().clean() or self.cleaned_data
        name, test, value = said.get("field_name"), said.get("field_test"), said.get("field_value", "").strip()
        if test and not name:
            self.add_error("field_name", _("Name the field that this condition is about, or clear the condition."))
        elif name and not test:
            self.add_error("field_test", _("Choose what the field must be, such as “is there”."))
        elif test == Test.AT_LEAST and number(value) is None:
            self.add_error("field_value", _("Write a number to compare with, such as 250."))
        elif test in (Test.EQUALS, Test.CONTAINS) and not value:
            self.add_error("field_value", _("Write what the field must hold."))
        return said

    def build(self) -> RoutingRule:
        """The rule as the form says, not saved. Call when the form is valid."""
        said, rule = self.cleaned_data, self.rule or RoutingRule()
        for name in PLAIN:
            setattr(rule, name, said[name])
        if rule.field_test in (Test.PRESENT, Test.MISSING, ""):
            rule.field_value = ""
        rule.confidence = None if said["confidence"] is None else said["confidence"] / 100
        return rule

    @property
    def index(self) -> int:
        """Where it stands among the others; at the end when nothing is said."""
        place = self.cleaned_data["place"]
        return len(self.others) if place is None else place


def _initial(rule: RoutingRule | None, others: Sequence[RoutingRule]) -> dict[str, Any]:
    if rule is None:
        return {"place": len(others)}
    before = sum((other.position, other.pk) < (rule.position, rule.pk) for other in others)
    percent = None if rule.confidence is None else round(rule.confidence * 100)
    plain = {name: getattr(rule, name) for name in PLAIN}
    return {**plain, "tags": ", ".join(rule.tags), "confidence": percent, "place": before}
