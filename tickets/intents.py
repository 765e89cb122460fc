"""What a ticket is about: the model's word when it is sure, a person's otherwise.

Invariant: below the threshold the ticket keeps the model's guess as a suggestion and waits in the triage queue.
"""

import json
import logging
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction

from copilot import engine
from copilot.inference.embedder import Embedder
from copilot.privacy import Redacted, kept, redact
from copilot.triage.classifier import Classifier
from copilot.triage.store import UnreadableModel, dumps, loads
from copilot.triage.training import train
from knowledge import recipes
from tickets.models import Message, Ticket, TrainingRow, TriageModel, User
from tickets.placing import PLACED
from tickets.routing import route

log = logging.getLogger(__name__)


def classify(ticket: Ticket, text: Redacted) -> None:
    """Set intent, confidence and whether it is sure; the caller saves. A model reads its own embedder's vectors."""
    classifier = active_classifier()
    embedder = recipes.embedder_of(classifier.recipe) if classifier else None
    if classifier is None or embedder is None:
        return
    [prediction] = classifier.predict(embedder.embed([text]))
    ticket.intent, ticket.confidence = prediction.intent, prediction.confidence
    sure = prediction.in_scope and prediction.confidence >= settings.TRIAGE_THRESHOLD
    ticket.triage = Ticket.Triage.SURE if sure else Ticket.Triage.UNSURE


def active_classifier() -> Classifier | None:
    """The newest active model, or None before the first training."""
    pk = TriageModel.objects.filter(is_active=True).values_list("pk", flat=True).first()
    return _load(pk) if pk else None


@lru_cache(maxsize=1)
def _load(pk: int) -> Classifier | None:
    """A model version never changes, so its bytes are read once a process."""
    try:
        return loads(bytes(TriageModel.objects.values_list("blob", flat=True).get(pk=pk)))
    except UnreadableModel:
        log.exception("triage model %s cannot be read: tickets go to the triage queue until one is trained", pk)
        return None


def import_rows(path: Path) -> int:
    """Add the labelled tickets of a JSON Lines file (subject, body, lang, intent), redacted. Raises ValueError."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        try:
            row = json.loads(line)
            text, intent, language = f"{row['subject']}\n{row['body']}", row["intent"], row["lang"]
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}, line {number}: needs subject, body, lang and intent") from error
        rows.append(
            TrainingRow(text=redact(text).text, intent=intent, language=language, origin=TrainingRow.Origin.IMPORTED)
        )
    return len(TrainingRow.objects.bulk_create(rows))


def retrain() -> TriageModel:
    """Train on every row and serve the result. Raises ValueError when the rows cannot teach anything."""
    model = keep(learn(engine.embedder()))
    _serve(model.pk)
    recipes.mend(model.recipe)
    return model


def learn(embedder: Embedder) -> Classifier:
    """A classifier of every row, not kept yet. Raises CannotTrain."""
    rows = list(TrainingRow.objects.values_list("text", "intent"))
    vectors = embedder.embed([kept(text) for text, _ in rows])
    return train(vectors, [intent for _, intent in rows], recipe=embedder.recipe)


def keep(classifier: Classifier) -> TriageModel:
    """A new version, which does not serve yet."""
    rows = TrainingRow.objects.count()
    return TriageModel.objects.create(blob=dumps(classifier), recipe=classifier.recipe, rows=rows, is_active=False)


def serves(recipe: str) -> bool:
    """Whether no other recipe's model classifies."""
    return not TriageModel.objects.filter(is_active=True).exclude(recipe=recipe).exists()


def activate(recipe: str) -> None:
    """The newest model of `recipe`, if there is one, takes the place of another recipe's."""
    newest = TriageModel.objects.filter(recipe=recipe).values_list("pk", flat=True).first()
    if newest and not serves(recipe):
        _serve(newest)


@transaction.atomic
def _serve(pk: int) -> None:
    TriageModel.objects.filter(is_active=True).exclude(pk=pk).update(is_active=False)
    TriageModel.objects.filter(pk=pk, is_active=False).update(is_active=True)


@transaction.atomic
def correct_intent(ticket: Ticket, user: User, intent: str) -> None:
    """A person's word: it is kept as a training row, and the ticket is routed again."""
    ticket.refresh_from_db(from_queryset=Ticket.objects.select_for_update())  # a message may have come meanwhile
    ticket.intent, ticket.confidence, ticket.triage = intent, None, Ticket.Triage.PERSON
    route(ticket)
    ticket.save(update_fields=["intent", "confidence", "triage", *PLACED])
    TrainingRow.objects.update_or_create(
        ticket=ticket,
        defaults={
            "text": _training_text(ticket), "intent": intent, "language": ticket.language,
            "origin": TrainingRow.Origin.AGENT, "labelled_by": user,
        },
    )  # fmt: skip


def _training_text(ticket: Ticket) -> str:
    first = ticket.messages.filter(author=Message.Author.REQUESTER).first()
    return f"{ticket.redact(ticket.subject).text}\n{first.redacted if first else ''}"


def known_intents() -> list[str]:
    """Every intent that triage can name or a person has used, in order."""
    used = TrainingRow.objects.order_by().values_list("intent", flat=True).distinct()
    return sorted(set(used) | set(Ticket.objects.exclude(intent="").order_by().values_list("intent", flat=True)))
