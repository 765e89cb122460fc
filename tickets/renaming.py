"""An intent gets another name, or becomes part of another; all that refers to it changes at once, and can be undone.

Invariant: rows, tickets, rules and fields change in one transaction, which keeps what it touched. Until a model has
learned the new name, what it says under the old one is read as the new one, so routing follows at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from copilot.triage.classifier import Prediction
from tickets.models import FieldDefinition, IntentChange, Question, RoutingRule, Ticket, TrainingRow, User


class CannotChange(ValueError):
    """There is no such intent, or the new name is none or the same."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a change touches."""

    rows: QuerySet[TrainingRow]
    tickets: QuerySet[Ticket]
    rules: Sequence[RoutingRule]
    fields: Sequence[FieldDefinition]
    stuck: Sequence[FieldDefinition]


def reach(old: str, new: str) -> Reach:
    """What refers to `old`. Fields of `old` that `new` defines too are `stuck`: those of `new` count from then on."""
    fields = list(FieldDefinition.objects.filter(intent=old, deleted_at=None))
    there = set(FieldDefinition.objects.filter(intent=new, deleted_at=None).values_list("name", flat=True))
    return Reach(
        TrainingRow.objects.filter(intent=old), Ticket.objects.filter(intent=old),
        [rule for rule in RoutingRule.objects.all() if old in rule.intents],
        [one for one in fields if one.name not in there], [one for one in fields if one.name in there],
    )  # fmt: skip


def is_known(intent: str) -> bool:
    """Whether rows or tickets have it."""
    return TrainingRow.objects.filter(intent=intent).exists() or Ticket.objects.filter(intent=intent).exists()


@transaction.atomic
def change(old: str, new: str, user: User) -> IntentChange:
    """Call `old` `new`; where that exists, they are one from now on. Raises CannotChange."""
    new = new.strip()[:100]
    if not new or new == old or not is_known(old):
        raise CannotChange
    found, is_merge = reach(old, new), is_known(new)
    touched: dict[str, Any] = {
        "rows": list(found.rows.values_list("pk", flat=True)),
        "tickets": list(found.tickets.values_list("pk", flat=True)),
        "rules": {str(rule.pk): rule.intents for rule in found.rules},
        "fields": [one.pk for one in found.fields],
        "rivals": list(Question.objects.filter(rival=old).values_list("pk", flat=True)),
    }
    found.rows.update(intent=new)
    found.tickets.update(intent=new)
    Question.objects.filter(rival=old).update(rival=new)
    for rule in found.rules:
        intents = dict.fromkeys(new if intent == old else intent for intent in rule.intents)
        RoutingRule.objects.filter(pk=rule.pk).update(intents=list(intents))
    FieldDefinition.objects.filter(pk__in=touched["fields"]).update(intent=new)
    return IntentChange.objects.create(old=old, new=new, is_merge=is_merge, touched=touched, changed_by=user)


@transaction.atomic
def undo(pk: int) -> bool:
    """Give back what the change touched, as far as nobody has changed it since; whether it was not undone before."""
    made = IntentChange.objects.filter(pk=pk, undone_at=None)
    row = made.select_for_update().first()
    if row is None or IntentChange.objects.filter(pk__gt=pk, undone_at=None, old=row.new).exists():
        return False
    made.update(undone_at=timezone.now())
    touched: dict[str, Any] = row.touched
    TrainingRow.objects.filter(pk__in=touched["rows"], intent=row.new).update(intent=row.old)
    Ticket.objects.filter(pk__in=touched["tickets"], intent=row.new).update(intent=row.old)
    Question.objects.filter(pk__in=touched.get("rivals", []), rival=row.new).update(rival=row.old)
    FieldDefinition.objects.filter(pk__in=touched["fields"], intent=row.new).update(intent=row.old)
    for key, intents in touched["rules"].items():
        RoutingRule.objects.filter(pk=int(key)).update(intents=intents)
    return True


def in_new_names(predictions: Sequence[Prediction], learned_at: datetime | None) -> list[Prediction]:
    """What a model that learned then says, in the names of today."""
    names = names_since(learned_at)
    return [_renamed(said, names) for said in predictions] if names else list(predictions)


def names_since(moment: datetime | None) -> dict[str, str]:
    """Every name given up since, and what it is called now."""
    names: dict[str, str] = {}
    if moment is None:
        return names
    changes = IntentChange.objects.filter(undone_at=None, created_at__gt=moment).order_by("pk")
    for old, new in changes.values_list("old", "new"):
        names = {each: new if called == old else called for each, called in names.items()}
        names[old] = new
        names.pop(new, None)
    return names


def _renamed(said: Prediction, names: dict[str, str]) -> Prediction:
    """What was said of an intent and of one that was merged into it counts together."""
    chances: dict[str, float] = {}
    for intent, chance in said.ranked:
        called = names.get(intent, intent)
        chances[called] = chances.get(called, 0.0) + chance
    ranked = tuple(sorted(chances.items(), key=lambda pair: -pair[1]))
    return replace(said, intent=ranked[0][0], confidence=ranked[0][1], ranked=ranked)
