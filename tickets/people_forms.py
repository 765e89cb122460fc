"""What an administrator says of a person."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tickets.models import Team, User
from tickets.models.people import Role
from tickets.signin.people import LastAdministrator, keep_one

if TYPE_CHECKING:  # ModelForm takes its model only in the stubs
    UserModelForm = forms.ModelForm[User]
else:
    UserModelForm = forms.ModelForm


class PersonForm(UserModelForm):
    """Name, role, teams; made anew or changed."""

    teams = forms.ModelMultipleChoiceField(
        Team.objects.all(), label=_("Teams"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "role", "sees_content", "language"]
        labels = {
            "username": _("User name"), "first_name": _("First name"), "last_name": _("Last name"),
            "email": _("E-mail"), "role": _("Role"), "sees_content": _("May read tickets"), "language": _("Language"),
        }  # fmt: skip
        help_texts = {
            "username": "",
            "email": _("Connects the person with single sign-on. No mail is sent."),
            "sees_content": _("For managers: the tickets of all teams, not their figures alone."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        if self.instance.pk:
            self.fields["teams"].initial = self.instance.teams.all()
        self.fields["username"].widget.attrs.update({"autocapitalize": "none", "autocomplete": "off"})

    def clean_role(self) -> str:
        """The last administrator stays one."""
        role: str = self.cleaned_data["role"]
        if self.instance.pk and role != Role.ADMINISTRATOR:
            try:
                keep_one(self.instance)
            except LastAdministrator as error:
                raise ValidationError(_("The only administrator stays one.")) from error
        return role

    def save(self, commit: bool = True) -> User:
        """The person with their teams."""
        user = super().save(commit)
        user.teams.set(self.cleaned_data["teams"])
        return user
