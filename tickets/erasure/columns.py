"""Every column in which somebody's words may stand, found by looking at the models.

Invariant: a new table is looked through unless it is named here with a reason.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db import models

from copilot.sealed import SealedBinaryField, SealedTextField
from tickets.models import Helpdesk

APPS = ("copilot", "knowledge", "tickets")
# Tables that are not looked through for other people's words, and why.
WITHOUT = {
    "tickets.User": "people of the desk, with their own names",
    "tickets.ApiToken": "a name that an administrator gave",
    "tickets.AuditEntry": "holds codes and numbers only, which is checked on the way in; and it is chained",
    "tickets.AuditHead": "hashes",
    "tickets.Helpdesk": "what an administrator has set",
    "tickets.Destination": "what an administrator has set",
    "tickets.Erasure": "codes and numbers; what it remembers is emptied at its end",
    "tickets.CountedDraft": "codes and numbers",
    "tickets.RetentionRule": "codes and numbers",
    "tickets.Session": "ends whole when it names them",
    "tickets.TriageModel": "weights; emptied when a row that it knew is erased (tickets.versions)",
    "tickets.TrainingVector": "a vector, which goes with its row",
    "tickets.TrainingRow": "rows go whole, or a model could not be made to forget them",
    "tickets.Asked": "questions go whole, being copies of what was asked",
    "knowledge.Source": "what an administrator has set",
    "knowledge.OwnArticle": "listed for decision",
    "knowledge.Article": "published; listed for decision, or changed at its source",
    "knowledge.ArticleVersion": "published; listed for decision, or changed at its source",
    "knowledge.Passage": "published; listed for decision, or changed at its source",
    "knowledge.Abbreviation": "made of passages",
    "knowledge.Term": "made of passages",
    "knowledge.WebPage": "made of a website's pages",
}
TEXT = (models.CharField, models.TextField, models.JSONField, models.BinaryField)


@dataclass(frozen=True)
class Table:
    """A model, its columns that may hold words, and those of them that PostgreSQL itself can search."""

    model: type[models.Model]
    names: Sequence[str]
    searchable: Sequence[str]

    @property
    def label(self) -> str:
        """Such as `tickets.Message`."""
        return str(self.model._meta.label)

    @property
    def is_searchable(self) -> bool:
        """Whether nothing has to be opened or decoded."""
        return len(self.names) == len(self.searchable)


@lru_cache(maxsize=1)
def tables() -> tuple[Table, ...]:
    """Those that are looked through, in the order of their labels."""
    found = []
    for model in sorted(apps.get_models(), key=lambda model: str(model._meta.label)):
        if model._meta.app_label in APPS and model._meta.label not in WITHOUT and (names := _names(model)):
            found.append(Table(model, names, [name for name in names if _is_searchable(model, name)]))
    return tuple(found)


def _names(model: type[models.Model]) -> list[str]:
    return [
        field.name
        for field in model._meta.local_concrete_fields
        if isinstance(field, TEXT) and not field.choices and not field.primary_key and not _is_vector(field)
    ]


def _is_vector(field: Any) -> bool:
    return isinstance(field, models.BinaryField) and field.name == "vector"


def _is_searchable(model: type[models.Model], name: str) -> bool:
    field = model._meta.get_field(name)
    return not isinstance(field, SealedTextField | SealedBinaryField | models.BinaryField)


def path_to_helpdesk(model: type[models.Model]) -> str:
    """How a row of it belongs to a helpdesk, as a lookup; empty when it belongs to none."""
    waiting: deque[tuple[type[models.Model], str]] = deque([(model, "")])
    seen = {model}
    while waiting:
        here, path = waiting.popleft()
        for field in here._meta.local_concrete_fields:
            target = field.related_model
            if not isinstance(target, type) or target in seen or not issubclass(target, models.Model):
                continue
            step = f"{path}__{field.name}" if path else field.name
            if target is Helpdesk:
                return step
            seen.add(target)
            waiting.append((target, step))
    return ""
