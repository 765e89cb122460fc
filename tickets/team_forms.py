"""What an administrator says of a team, and of the hours in which the desk is open."""

from datetime import time
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from tickets.models import BusinessHours, Team

if TYPE_CHECKING:  # ModelForm takes its model only in the stubs
    TeamModelForm = forms.ModelForm[Team]
    HoursModelForm = forms.ModelForm[BusinessHours]
else:
    TeamModelForm = HoursModelForm = forms.ModelForm


class TeamForm(TeamModelForm):
    """How a team's replies sound, what the helpdesk calls it, and whether its tickets are assigned."""

    class Meta:
        model = Team
        fields = ["tone", "group", "assigns_by_load"]
        labels = {
            "tone": _("Replies sound"), "group": _("Group in the helpdesk"),
            "assigns_by_load": _("Assign tickets by load"),
        }  # fmt: skip
        help_texts = {"group": "", "assigns_by_load": ""}
        error_messages = {"tone": {"invalid_choice": _("Choose one of the tones.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["group"].widget.attrs["placeholder"] = self.instance.name

    def clean_group(self) -> str:
        """A group leads to one team."""
        group: str = self.cleaned_data["group"].strip()
        others = Team.objects.exclude(pk=self.instance.pk)
        if group and (others.filter(group__iexact=group) | others.filter(group="", name__iexact=group)).exists():
            raise ValidationError(_("Another team has this group; a ticket of it could go to either."))
        return group


class HoursForm(HoursModelForm):
    """When the desk is open."""

    days = forms.TypedMultipleChoiceField(
        label=_("Days"), coerce=int, choices=list(WEEKDAYS.items()), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day.")},
    )  # fmt: skip

    class Meta:
        model = BusinessHours
        fields = ["days", "opens", "closes", "zone"]
        labels = {"opens": _("From"), "closes": _("To"), "zone": _("Time zone")}
        clock = {"type": "time"}
        widgets = {
            "opens": forms.TimeInput(attrs=clock, format="%H:%M"),
            "closes": forms.TimeInput(attrs=clock, format="%H:%M"),
            "zone": forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def clean_zone(self) -> str:
        """One that the server knows."""
        zone: str = self.cleaned_data["zone"].strip()
        if zone not in available_timezones():
            raise ValidationError(_("Choose a time zone of the list, such as Europe/Paris."))
        return zone

    def clean(self) -> dict[str, Any]:
        """A day ends after it began."""
        said = super().clean() or self.cleaned_data
        opens, closes = said.get("opens"), said.get("closes")
        if opens and closes and closes <= opens and closes != time(0):
            self.add_error("closes", _("The end must be after the beginning; 00:00 is the end of the day."))
        return said


def zones() -> list[str]:
    """What may be chosen, places only."""
    return [*sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")), "UTC"]
