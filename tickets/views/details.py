"""The fields and files of a ticket as the conversation column shows them.

Invariant: what lights up for a field is exactly the words that it was found in; a value that an agent gave stands on
no words.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from copilot.privacy.text import PLACEHOLDER
from tickets import finding, naming
from tickets.models import Attachment, Draft, FieldDefinition, FieldReport, FieldValue, Message, Ticket
from tickets.views.summed import Entry, Mark

_IBAN = re.compile(r"[A-Z]{2}\d\d[A-Z0-9]{11,30}")


@dataclass(frozen=True)
class Field:
    """One field. `row` is the value that counts, if there is any; `place` is the message that it stands in."""

    name: str
    label: str
    is_required: bool
    row: FieldValue | None
    place: int = 0
    is_asked: bool = False

    @property
    def value(self) -> str:
        """What it is; empty when it is not there."""
        return self.row.value if self.row else ""

    @property
    def shown(self) -> str:
        """The value as people read it: an IBAN in groups of four."""
        is_iban = _IBAN.fullmatch(self.value) is not None
        return " ".join(self.value[n : n + 4] for n in range(0, len(self.value), 4)) if is_iban else self.value

    @property
    def is_missing(self) -> bool:
        """Whether somebody has to ask for it."""
        return self.is_required and not self.value

    @property
    def by_agent(self) -> bool:
        """Whether a person said so."""
        return self.row is not None and self.row.origin == finding.AGENT

    @property
    def in_subject(self) -> bool:
        """Whether it was found in neither a message nor a file."""
        row = self.row
        return row is not None and not (self.by_agent or row.message_id or row.attachment_id)

    @property
    def is_unsure(self) -> bool:
        """Whether it was found without much that speaks for it."""
        return self.row is not None and self.row.confidence is not None and self.row.confidence < 0.5


@dataclass(frozen=True)
class Details:
    """What stands above the conversation."""

    fields: Sequence[Field]
    files: Sequence[Attachment]
    problems: Sequence[str]
    outdated: Draft | None

    @property
    def shown(self) -> list[Field]:
        """Those with a value, and the required ones that have none."""
        return [field for field in self.fields if field.value or field.is_required or field.by_agent]

    @property
    def rest(self) -> list[Field]:
        """Those that are neither there nor needed."""
        shown = self.shown
        return [field for field in self.fields if field not in shown]

    @property
    def is_waiting(self) -> bool:
        """Whether a worker has yet to finish one of the files."""
        return any(file.is_waiting for file in self.files)

    @property
    def missing(self) -> int:
        """How many fields have to be asked for."""
        return sum(field.is_missing for field in self.fields)


def build(ticket: Ticket, talk: Sequence[Message], draft: Draft | None = None) -> Details:
    """Everything that was found, in three queries or four; `draft` is the one that is on the desk."""
    rows = finding.effective(ticket.field_values.select_related("user", "attachment"))
    definitions = {one.name: one for one in finding.definitions_of(ticket)}
    places = {message.pk: place for place, message in enumerate(talk, 1)}
    names = [*definitions, *(name for name in rows if name not in definitions)]
    asked = draft.asks if draft else ()
    fields = [
        replace(_field(name, definitions.get(name), rows.get(name), places), is_asked=name in asked) for name in names
    ]
    report = FieldReport.objects.filter(ticket=ticket).first() if rows else None
    return Details(
        fields=fields,
        files=list(Attachment.objects.filter(message__ticket=ticket).select_related("message").order_by("pk")),
        problems=report.problems if report else (),
        outdated=_asks_in_vain(draft, fields),
    )


def _field(name: str, definition: FieldDefinition | None, row: FieldValue | None, places: Mapping[int, int]) -> Field:
    place = places.get(row.message_id or 0, 0) if row else 0
    return Field(name, naming.label(name), bool(definition and definition.required), row, place)


def _asks_in_vain(draft: Draft | None, fields: Sequence[Field]) -> Draft | None:
    """The draft that still asks for a field that is there by now."""
    known = {field.name for field in fields if field.value}
    return draft if draft and draft.is_open and known.intersection(draft.asks) else None


def marked(entries: Sequence[Entry], fields: Sequence[Field], originals: Mapping[str, str]) -> list[Entry]:
    """The conversation with the words that the fields stand on."""
    return [replace(entry, marks=list(_marks(entry, fields, originals))) for entry in entries]


def _marks(entry: Entry, fields: Sequence[Field], originals: Mapping[str, str]) -> Sequence[Mark]:
    found = [field for field in fields if field.row and field.place == entry.place and field.row.end]
    return [
        Mark(f"f-{field.name}", *_within(entry, originals, field.row.start, field.row.end))
        for field in found
        if field.row
    ]


def _within(entry: Entry, originals: Mapping[str, str], start: int, end: int) -> tuple[int, int]:
    """Characters of the message as it is shown, masked, for those of its body; a masked value is taken whole."""
    if not entry.message.redacted:
        return start, end
    return _shifted(entry.words, originals, start, last=False), _shifted(entry.words, originals, end, last=True)


def _shifted(masked: str, originals: Mapping[str, str], offset: int, *, last: bool) -> int:
    longer = 0  # how many characters the body has more than its masked form, so far
    for match in PLACEHOLDER.finditer(masked):
        original = originals.get(match[0], match[0])
        begin = match.start() + longer
        if offset <= begin:
            break
        if offset < begin + len(original):
            return match.end() if last else match.start()
        longer += len(original) - len(match[0])
    return offset - longer
