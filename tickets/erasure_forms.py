"""What administrators type to erase somebody, and to say how long things are kept."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.erasure.person import NoAddress, folded
from tickets.models import Helpdesk, RetentionRule

What = RetentionRule.What
# Ten years; a longer time is no rule.
MOST_DAYS = 3650


class RequesterForm(forms.Form):
    """Whose tickets, and of which helpdesk."""

    address = forms.CharField(
        label=gettext_lazy("E-mail address of the requester"), max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    helpdesk = forms.ModelChoiceField(
        Helpdesk.objects.all(), label=gettext_lazy("Helpdesk"), required=False, empty_label=gettext_lazy("all")
    )

    def clean_address(self) -> str:
        """As it is compared."""
        try:
            return folded(self.cleaned_data["address"])
        except NoAddress as error:
            raise forms.ValidationError(_("This is not an e-mail address.")) from error


class ConfirmForm(RequesterForm):
    """The same once more, typed, and what was decided about articles."""

    typed = forms.CharField(
        label=gettext_lazy("Type the address to confirm"), max_length=320,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    articles = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: Any, articles: Iterable[int] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["articles"]
        assert isinstance(choices, forms.TypedMultipleChoiceField)
        choices.choices = [(pk, pk) for pk in articles]

    def clean(self) -> dict[str, Any]:
        """The address, typed by hand."""
        values = super().clean() or {}
        typed = values.get("typed", "").strip().casefold()
        if typed != values.get("address"):
            self.add_error("typed", _("This is not the address above."))
        return values


class RetentionForm(forms.Form):
    """Days for each thing of each helpdesk, and for the audit; empty for "kept". Saved only as it was shown before."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, helpdesks: Iterable[Helpdesk], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = {(rule.helpdesk_id, rule.what): rule.days for rule in RetentionRule.objects.all()}
        self.places: dict[str, tuple[Helpdesk | None, str]] = {}
        for helpdesk, what in _places(helpdesks):
            name = f"{what}-{helpdesk.pk}" if helpdesk else what
            self.places[name] = helpdesk, what
            self.fields[name] = forms.IntegerField(
                label=What(what).label, required=False, min_value=1, max_value=MOST_DAYS,
                initial=rules.get((helpdesk.pk if helpdesk else None, what)),
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "placeholder": _("kept")}),
            )  # fmt: skip

    def groups(self) -> Iterator[tuple[Helpdesk | None, list[forms.BoundField]]]:
        """The fields of each helpdesk, then the audit's."""
        found: dict[Helpdesk | None, list[forms.BoundField]] = {}
        for name, (helpdesk, _what) in self.places.items():
            found.setdefault(helpdesk, []).append(self[name])
        yield from found.items()

    def rules(self) -> list[RetentionRule]:
        """What is said, not saved."""
        return [
            RetentionRule(helpdesk=helpdesk, what=what, days=days)
            for name, (helpdesk, what) in self.places.items()
            if (days := self.cleaned_data.get(name))
        ]

    def signature(self) -> str:
        """Names what is said, so that only what was looked at can be saved."""
        said = {name: self.cleaned_data.get(name) for name in self.places}
        return signing.Signer(salt="retention").signature(json.dumps(said, sort_keys=True))

    @property
    def was_seen(self) -> bool:
        """Whether exactly this was shown with what it would remove."""
        return bool(self.cleaned_data.get("seen")) and self.cleaned_data["seen"] == self.signature()


def _places(helpdesks: Iterable[Helpdesk]) -> Iterator[tuple[Helpdesk | None, str]]:
    for helpdesk in helpdesks:
        for what in What.values:
            if what != What.AUDIT:
                yield helpdesk, what
    yield None, What.AUDIT
