"""The versions of the triage model: kept, served, gone back to, emptied.

Invariant: one version serves at most; one that knew a row which may no longer be learned from does not outlive its
successor, and nobody can go back to it.
"""

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from copilot import engine
from copilot.inference.embedder import Embedder
from copilot.triage.classifier import Classifier
from copilot.triage.store import dumps
from knowledge import recipes
from tickets import intents, lesson
from tickets.models import TriageModel, User
from tickets.remembered import remember


class CannotGoBack(Exception):
    """The version was emptied, since it knew a row that was erased; or it is no longer there."""


@dataclass(frozen=True, slots=True)
class Taught:
    """A classifier and the rows it learned from."""

    classifier: Classifier
    rows: list[lesson.Row]


def retrain() -> TriageModel:
    """Train on every row and serve the result. Raises ValueError when the rows cannot teach anything."""
    model = keep(teach(engine.embedder()))
    serve(model.pk)
    recipes.mend(model.recipe)
    return model


def teach(embedder: Embedder) -> Taught:
    """A classifier of every row, not kept yet. Raises CannotTrain."""
    rows = lesson.read()
    return Taught(intents.learn(remember(rows, embedder, lambda *_: None), lesson.labelled(rows)), rows)


def keep(taught: Taught) -> TriageModel:
    """A new version, which does not serve yet."""
    return TriageModel.objects.create(is_active=False, **described(taught))


def described(taught: Taught) -> dict[str, object]:
    """What is kept of what serves."""
    classifier, rows = taught.classifier, taught.rows
    return {
        "blob": dumps(classifier), "recipe": classifier.recipe, "rows": len(rows),
        "labels": len({row.intent for row in rows}), "knows": packed(rows),
        "fingerprint": lesson.fingerprint(rows, classifier.recipe),
    }  # fmt: skip


def active() -> TriageModel | None:
    """The version that serves, without its classifiers."""
    return TriageModel.objects.filter(is_active=True).defer("blob", "twin").first()


def serves(recipe: str) -> bool:
    """Whether no other recipe's model classifies."""
    return not TriageModel.objects.filter(is_active=True).exclude(recipe=recipe).exists()


def activate(recipe: str) -> None:
    """The newest model of `recipe`, if there is one, takes the place of another recipe's."""
    of_recipe = TriageModel.objects.filter(recipe=recipe, is_emptied=False, is_partial=False).exclude(blob=b"")
    newest = of_recipe.values_list("pk", flat=True).first()
    if newest and not serves(recipe):
        serve(newest)


@transaction.atomic
def serve(pk: int) -> None:
    """Have this version classify from now on."""
    list(TriageModel.objects.select_for_update().filter(Q(is_active=True) | Q(pk=pk)).order_by("pk").values_list("pk"))
    TriageModel.objects.filter(is_active=True).exclude(pk=pk).update(is_active=False, is_pinned=False)
    TriageModel.objects.filter(pk=pk, is_active=False).update(is_active=True)


@transaction.atomic
def choose(pk: int, user: User) -> TriageModel:
    """A person goes back to a version, or forward; it is pinned. Raises CannotGoBack."""
    can = TriageModel.objects.select_for_update().filter(pk=pk, is_emptied=False).exclude(blob=b"")
    model = can.defer("blob", "twin").first()
    if model is None:
        raise CannotGoBack
    serve(pk)
    TriageModel.objects.filter(pk=pk).update(is_pinned=True, chosen_by=user)
    return model


def unpin(pk: int) -> bool:
    """Nights may replace it again; whether it was pinned."""
    return TriageModel.objects.filter(pk=pk, is_pinned=True).update(is_pinned=False) == 1


def erased(model: TriageModel) -> int:
    """How many rows `model` knew that may no longer be learned from."""
    return len(unpacked(model.knows).keys() - set(lesson.usable().values_list("pk", flat=True)))


def retire() -> None:
    """Nothing is left to learn from, so nothing may be remembered: every ticket goes to the triage queue."""
    TriageModel.objects.filter(is_active=True).update(is_active=False, is_pinned=False)
    forget()


def forget() -> None:
    """Empty the versions that do not serve, and the twins, that know a row which may no longer be learned from."""
    usable = set(lesson.usable().values_list("pk", flat=True))
    for model in TriageModel.objects.filter(is_emptied=False).defer("blob", "twin"):
        if unpacked(model.twin_knows).keys() - usable:
            TriageModel.objects.filter(pk=model.pk).update(twin=b"", twin_knows=b"")
        if unpacked(model.knows).keys() - usable:
            inactive = TriageModel.objects.filter(pk=model.pk, is_active=False)
            inactive.update(blob=b"", twin=b"", knows=b"", twin_knows=b"", is_emptied=True)


def packed(rows: Iterable[lesson.Row]) -> bytes:
    """Rows' keys and the labels that they had, small."""
    by_label: dict[str, list[int]] = {}
    for row in rows:
        by_label.setdefault(row.intent, []).append(row.pk)
    return zlib.compress(json.dumps(by_label).encode())


def unpacked(data: bytes | memoryview) -> dict[int, str]:
    """The label of each row that `packed` has made small; none of nothing."""
    by_label = json.loads(zlib.decompress(data)) if data else {}
    return {pk: label for label, keys in by_label.items() for pk in keys}
