"""What an administrator says of a source, by its kind."""

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from knowledge.fetching.addresses import Refused, split
from knowledge.models import Source

Kind = Source.Kind
EVERY = [
    (0, _("on demand only")),
    (1, _("every hour")),
    (6, _("every 6 hours")),
    (24, _("every day")),
    (168, _("every week")),
]
# What stands in `location`, and what else a kind has; the rest goes into `options` or `token`.
LOCATION = {
    Kind.FOLDER: _("Folder on the server"), Kind.SPREADSHEET: _("File on the server"),
    Kind.WEBSITE: _("Address of a page or a sitemap; what is below its folder is read"),
    Kind.ZENDESK: _("Address, such as https://example.zendesk.com"),
    Kind.ZAMMAD: _("Address, such as https://support.example.com"),
    Kind.CHATWOOT: _("Address, such as https://app.chatwoot.com"),
    Kind.FRESHDESK: _("Address, such as https://example.freshdesk.com"),
}  # fmt: skip
OPTIONS = {
    Kind.WEBSITE: ["within", "pause", "max_pages", "allow_private"], Kind.ZENDESK: ["user", "allow_private"],
    Kind.ZAMMAD: ["allow_private"], Kind.CHATWOOT: ["account", "portal", "languages", "allow_private"],
    Kind.FRESHDESK: ["languages", "allow_private"],
}  # fmt: skip
TOKENS = (Kind.ZENDESK, Kind.ZAMMAD, Kind.CHATWOOT, Kind.FRESHDESK)


class SourceForm(forms.Form):
    """One source; only the fields of its kind are shown."""

    name = forms.CharField(label=_("Name"), max_length=80)
    location = forms.CharField(max_length=500, required=False)
    upload = forms.FileField(label=_("Or upload a CSV or XLSX file"), required=False)
    token = forms.CharField(
        label=_("API token"), required=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Kept encrypted. Empty: what is kept stays, or none is sent."),
    )  # fmt: skip
    user = forms.CharField(label=_("E-mail address of the token's owner"), required=False)
    account = forms.CharField(label=_("Account number"), required=False)
    portal = forms.CharField(label=_("Portal"), required=False)
    languages = forms.CharField(label=_("Languages, such as en, fr"), required=False)
    within = forms.CharField(label=_("Only addresses that begin with (optional)"), required=False)
    pause = forms.FloatField(label=_("Seconds between two pages"), min_value=0, max_value=60, required=False)
    max_pages = forms.IntegerField(label=_("At most so many pages"), min_value=1, max_value=100_000, required=False)
    allow_private = forms.BooleanField(
        label=_("This address is in our own network: let it be read although it is private"), required=False
    )
    every_hours = forms.TypedChoiceField(label=_("Look for changes"), coerce=int, choices=EVERY, initial=24)

    def __init__(self, kind: str, source: Source | None, data: Any = None, files: Any = None) -> None:
        self.kind, self.source = Kind(kind), source
        super().__init__(data, files, initial=_initial(source), label_suffix="")
        wanted = {"name", "every_hours", *OPTIONS.get(self.kind, [])}
        wanted |= {"location"} if self.kind in LOCATION else set()
        wanted |= {"upload"} if self.kind == Kind.SPREADSHEET else set()
        wanted |= {"token"} if self.kind in TOKENS else set()
        for name in self.fields.keys() - wanted:
            del self.fields[name]
        if self.kind in LOCATION:
            self.fields["location"].label = LOCATION[self.kind]

    def clean_name(self) -> str:
        """A name that no other source has."""
        name: str = self.cleaned_data["name"]
        others = Source.objects.exclude(pk=self.source.pk) if self.source else Source.objects.all()
        if others.filter(name=name).exists():
            raise ValidationError(_("Another source has this name."))
        return name

    def clean_location(self) -> str:
        """An address for what is fetched, a path below an allowed folder for what is read here."""
        location: str = self.cleaned_data["location"].strip()
        if self.kind in (Kind.FOLDER, Kind.SPREADSHEET):
            return _allowed_path(location) if location else ""
        try:
            split(location)
        except Refused as error:
            raise ValidationError(_("Give an address that begins with https:// or http://.")) from error
        return location

    def clean_upload(self) -> Any:
        """A file that is not too large to keep."""
        upload = self.cleaned_data["upload"]
        if upload and upload.size > settings.DOCUMENT_MB * 1024 * 1024:
            raise ValidationError(_("The file is larger than %(limit)g MB."), params={"limit": settings.DOCUMENT_MB})
        return upload

    def clean(self) -> dict[str, Any]:
        """A source has to be somewhere."""
        said = super().clean() or self.cleaned_data
        kept = self.source is not None and self.source.file is not None
        if self.kind in LOCATION and "location" in said and not (said["location"] or said.get("upload") or kept):
            self.add_error("location", _("Say where the articles are."))
        return said

    def save(self) -> Source:
        """Keep it. Call when the form is valid."""
        said, source = self.cleaned_data, self.source or Source(kind=self.kind)
        source.name, source.every_hours = said["name"], said["every_hours"]
        if upload := said.get("upload"):
            source.location, source.file = upload.name[:500], upload.read()
        elif said.get("location") and said["location"] != source.location:
            source.location, source.file = said["location"], None
        source.token = said.get("token") or source.token
        source.options = {name: _option(name, said[name]) for name in OPTIONS.get(self.kind, []) if said[name]}
        source.save()
        return source


def _initial(source: Source | None) -> dict[str, Any]:
    if source is None:
        return {}
    options = {name: ", ".join(value) if isinstance(value, list) else value for name, value in source.options.items()}
    return {"name": source.name, "location": source.location, "every_hours": source.every_hours, **options}


def _option(name: str, value: Any) -> Any:
    return [word.strip() for word in value.split(",") if word.strip()] if name == "languages" else value


def _allowed_path(location: str) -> str:
    """An administrator of the desk is not one of the server: what is not below an allowed folder stays unread."""
    path = Path(location).resolve()
    if not any(path.is_relative_to(root) for root in settings.KNOWLEDGE_ROOTS):
        roots = ", ".join(map(str, settings.KNOWLEDGE_ROOTS))
        raise ValidationError(
            _("Only what is below %(roots)s can be named here (SOUFFLEUR_KNOWLEDGE_ROOTS)."), params={"roots": roots}
        )
    return str(path)
