"""What a ticket is about: the model's word when it is sure, a person's otherwise.

Invariant: below the threshold the ticket keeps the model's guess as a suggestion and waits in the triage queue.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from django.conf import settings

from copilot.inference.embedder import Embedder
from copilot.privacy import Redacted
from copilot.triage.classifier import Classifier, Prediction
from copilot.triage.store import UnreadableModel, loads
from copilot.triage.training import names_of, train
from knowledge import recipes
from tickets import renaming, teaching
from tickets.models import Ticket, TriageModel
from tickets.remembered import Remembered

log = logging.getLogger(__name__)
Labelled = tuple[Redacted, str]  # a redacted text and its intent


def classify(ticket: Ticket, text: Redacted) -> None:
    """Set intent, confidence and whether it is sure; the caller saves. A model reads its own embedder's vectors.

    What it is not sure of becomes a question, for the order in which people are asked.
    """
    classifier = active_classifier()
    embedder = recipes.embedder_of(classifier.recipe) if classifier else None
    if classifier is None or embedder is None:
        return
    [vector] = embedder.embed([text])
    reader = Remembered(embedder, {text.text: vector})
    [prediction] = renaming.in_new_names(predictions(classifier, reader, [text]), learned_at())
    ticket.intent, ticket.confidence = prediction.intent, prediction.confidence
    sure = prediction.in_scope and prediction.confidence >= settings.TRIAGE_THRESHOLD
    ticket.triage = Ticket.Triage.SURE if sure else Ticket.Triage.UNSURE
    if sure:
        teaching.drop(ticket)
    else:
        teaching.keep(ticket, prediction, vector, classifier.recipe)


def active_classifier() -> Classifier | None:
    """The newest active model, or None before the first training."""
    pk = TriageModel.objects.filter(is_active=True).values_list("pk", flat=True).first()
    return _load(pk) if pk else None


def learned_at() -> datetime | None:
    """When the active model was trained."""
    return TriageModel.objects.filter(is_active=True).values_list("created_at", flat=True).first()


def is_readable(pk: int) -> bool:
    """Whether this version can classify; after an update of Souffleur its format may be a former one."""
    return _load(pk) is not None


@lru_cache(maxsize=1)
def _load(pk: int) -> Classifier | None:
    """A model version never changes, so its bytes are read once a process."""
    try:
        return loads(bytes(TriageModel.objects.values_list("blob", flat=True).get(pk=pk)))
    except UnreadableModel:
        log.exception("triage model %s cannot be read: tickets go to the triage queue until one is trained", pk)
        return None


def learn(embedder: Embedder, rows: Sequence[Labelled]) -> Classifier:
    """A classifier of these rows, not kept yet. Raises CannotTrain."""
    texts, labels = [text for text, _ in rows], [intent for _, intent in rows]
    return train(embedder.embed(texts), texts, labels, recipe=embedder.recipe, called=names_of(labels, embedder))


def predictions(classifier: Classifier, embedder: Embedder, texts: Sequence[Redacted]) -> list[Prediction]:
    """What `classifier` says of each text; `embedder` is the one whose vectors it reads."""
    return classifier.predict(embedder.embed(texts), texts)
