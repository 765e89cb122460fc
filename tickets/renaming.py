"""An intent gets another name, or becomes part of another; all that refers to it changes at once, and can be undone.

Invariant: rows, tickets and rules change in one transaction, which keeps what it touched. Until a model has learned
the new name, what it says under the old one is read as the new one, so routing follows at once.
"""

from collections.abc import Sequence
from dataclasses import replace

from copilot.triage.classifier import Prediction
from tickets.models import IntentChange


def in_new_names(predictions: Sequence[Prediction]) -> list[Prediction]:
    """Predictions of a model that may have learned former names."""
    names = newest_names()
    return [_renamed(said, names) for said in predictions] if names else list(predictions)


def newest_names() -> dict[str, str]:
    """Every former name, and what it is called now."""
    names: dict[str, str] = {}
    for old, new in IntentChange.objects.filter(undone_at=None).order_by("pk").values_list("old", "new"):
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
