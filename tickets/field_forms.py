"""A field as an administrator describes it."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets import naming
from tickets.finding import active
from tickets.models import FieldDefinition
from tickets.models.fields import Kind
from tickets.patterns import complaint

if TYPE_CHECKING:  # ModelForm takes its model only in the stubs
    DefinitionForm = forms.ModelForm[FieldDefinition]
else:
    DefinitionForm = forms.ModelForm

# Words that are a product's or a device's values: without some, nothing can be found.
LISTED = ("product", "device")
MOST_WORDS = 500


class FieldForm(DefinitionForm):
    """One definition; `name` is typed as people say it and kept as one word."""

    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("As agents read it: Order number."))
    words = forms.CharField(
        label=_("Words"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "One a line. For a product or device: its names. For the others: words that stand before the value, where "
            "the usual ones do not."
        ),
    )  # fmt: skip

    class Meta:
        model = FieldDefinition
        fields = ["name", "intent", "kind", "required", "words", "pattern", "question_en", "question_fr"]
        labels = {
            "intent": _("Intent"), "kind": _("What it is"), "required": _("Required: a draft asks for it when missing"),
            "pattern": _("Pattern"), "question_en": _("Asked for in English as"),
            "question_fr": _("Asked for in French as"),
        }  # fmt: skip
        help_texts = {
            "intent": _("Empty: for tickets of every intent."),
            "pattern": _(
                "A regular expression that the value fits, such as CY-\\d{6}. Its first group, if it has one."
            ),
            "question_en": _("Ends the sentence “So that we can help you, please send us …”: your order number"),
            "question_fr": _("Ends « Pour que nous puissions vous aider, merci de nous indiquer … » : votre numéro"),
        }
        widgets = {"intent": forms.TextInput(attrs={"list": "intents", "autocomplete": "off"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["intent"].widget.attrs["placeholder"] = _("every intent")
        self.fields["pattern"].widget.attrs |= {"class": "code", "spellcheck": "false", "autocomplete": "off"}
        self.fields["kind"].widget.choices = [("", _("Choose")), *Kind.choices]
        self.initial["words"] = "\n".join(self.instance.words)
        if self.instance.pk:
            self.initial["name"] = naming.label(self.instance.name)

    def clean_name(self) -> str:
        """The one word that rules and rows name it by; a label of ours is taken back to its own word."""
        typed = str(self.cleaned_data["name"]).strip()
        known = {str(label).casefold(): name for name, label in naming.LABELS.items()}
        name = known.get(typed.casefold()) or naming.slug(typed)
        if not name:
            raise forms.ValidationError(_("Give it a name with at least one letter or digit."))
        return name

    def clean_words(self) -> list[str]:
        """One a line, each once."""
        lines = (" ".join(line.split()) for line in str(self.cleaned_data["words"]).splitlines())
        words = list(dict.fromkeys(line for line in lines if line))
        if len(words) > MOST_WORDS:
            raise forms.ValidationError(_("At most %(n)d words.") % {"n": MOST_WORDS})
        return words

    def clean_pattern(self) -> str:
        """One that compiles, and is quick on every text."""
        pattern = str(self.cleaned_data["pattern"]).strip()
        if pattern and (wrong := complaint(pattern)):
            raise forms.ValidationError(wrong)
        return pattern

    def clean(self) -> dict[str, Any]:
        """What the kinds need, and no second definition of the same field for the same intent."""
        said = self.cleaned_data
        if said.get("kind") == "pattern" and not said.get("pattern") and "pattern" not in self.errors:
            self.add_error("pattern", _("Say what the value looks like."))
        if said.get("kind") in LISTED and not said.get("words") and "words" not in self.errors:
            self.add_error("words", _("Give the names that are looked for, one a line."))
        same = active().filter(name=said.get("name"), intent=said.get("intent", "")).exclude(pk=self.instance.pk)
        if same.exists():
            self.add_error("name", _("There is such a field for this intent already: change that one."))
        return said
