"""What people type, checked before anything acts on it."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from knowledge.models import OwnArticle
from tickets.drafts import Wish
from tickets.models import Draft, Review, Team, User

if TYPE_CHECKING:  # ModelForm takes its model only in the stubs
    UserModelForm = forms.ModelForm[User]
    OwnArticleModelForm = forms.ModelForm[OwnArticle]
else:
    UserModelForm = OwnArticleModelForm = forms.ModelForm


class ReplyForm(forms.Form):
    """The reply as an agent changed it; an untouched approval sends no text at all."""

    text = forms.CharField(
        label=_("Reply"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 16, "class": "editor"})
    )


class RejectForm(forms.Form):
    """Why a draft is no use."""

    reason = forms.ChoiceField(
        label=_("What is wrong with it?"), choices=Review.Reason.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason.")},
    )  # fmt: skip
    note = forms.CharField(
        label=_("Note for the knowledge team (optional)"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class RedraftForm(forms.Form):
    """What the next draft should do better. What is not said stays as it was for this draft."""

    hint = forms.CharField(
        label=_("What should change?"), max_length=500, required=False,
        widget=forms.TextInput(attrs={"placeholder": _("for example: answer the second question too")}),
    )  # fmt: skip
    language = forms.ChoiceField(choices=User._meta.get_field("language").flatchoices, required=False)
    exclude = forms.IntegerField(required=False)
    pin = forms.IntegerField(required=False)
    anywhere = forms.BooleanField(required=False)

    def wish(self, draft: Draft) -> Wish:
        """What the agent asks for, on top of what was asked for `draft`. Call when the form is valid."""
        said = self.cleaned_data
        excluded, pinned = (set(), set()) if said["anywhere"] else (set(draft.excluded), set(draft.pinned))
        if said["exclude"]:
            excluded, pinned = excluded | {said["exclude"]}, pinned - {said["exclude"]}
        if said["pin"]:
            excluded, pinned = excluded - {said["pin"]}, {said["pin"]}
        hint = said["hint"] if "hint" in self.data else draft.hint
        return Wish(hint, said["language"] or draft.language, tuple(sorted(excluded)), tuple(sorted(pinned)))


class IntentForm(forms.Form):
    """The intent as a person sees it: a known one, or a new name."""

    intent = forms.CharField(
        label=_("Intent"), max_length=100,
        widget=forms.TextInput(
            attrs={"list": "intents", "autocomplete": "off", "placeholder": _("Choose or type")}
        ),
    )  # fmt: skip


class MoveForm(forms.Form):
    """The team that a ticket shall go to; none lets the rules decide."""

    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.all(), required=False,
        error_messages={"invalid_choice": _("That team is gone; choose another one.")},
    )  # fmt: skip


class OwnArticleForm(OwnArticleModelForm):
    """An article that is written here, in Markdown."""

    class Meta:
        model = OwnArticle
        fields = ["title", "body", "section", "language", "visibility"]
        labels = {
            "title": _("Title"), "body": _("Text (Markdown)"), "section": _("Section"), "language": _("Language"),
            "visibility": _("Visibility"),
        }  # fmt: skip
        widgets = {"body": forms.Textarea(attrs={"rows": 18, "class": "editor"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        languages = User._meta.get_field("language").flatchoices
        self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=languages)


class PreferencesForm(UserModelForm):
    """What a person chooses for themselves."""

    class Meta:
        model = User
        fields = ["language", "theme", "is_away"]
        labels = {
            "language": _("Language"), "theme": _("Theme"),
            "is_away": _("I am away: no ticket is assigned to me by itself"),
        }  # fmt: skip
        widgets = {"language": forms.RadioSelect, "theme": forms.RadioSelect}


class PeriodForm(forms.Form):
    """Which drafts the insights speak about."""

    weeks = forms.TypedChoiceField(
        label=_("Period"), coerce=int, required=False,
        choices=[(4, _("4 weeks")), (8, _("8 weeks")), (26, _("26 weeks"))],
    )  # fmt: skip
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.all(), required=False, empty_label=_("All teams")
    )
