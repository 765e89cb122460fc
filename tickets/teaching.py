"""The triage queue's questions: what each would teach, kept beside its ticket, so that the queue orders by it in SQL.

Invariant: a question is kept of an open doubt only: it goes when triage becomes sure, when a person answers it, and
with its ticket. Its vector is made of redacted text, and is compared with vectors of its own recipe only.

Scores are worked out in a task, not while a webhook waits: of the newest LIMIT questions at once, since each depends on
all. Until then, and where there are more, a question stands behind those that have a score.
"""

import numpy as np
from django.db import connection, transaction
from django.db.models import QuerySet

from copilot.inference.embedder import Vectors
from copilot.triage.classifier import Prediction
from copilot.triage.teaching import alike, doubt, order
from tickets import tasks
from tickets.access import in_triage
from tickets.models import Question, Ticket, TrainingRow, TrainingVector, TriageModel
from tickets.wake import wake

LIMIT = 500
# A burst of tickets is scored once.
SOON = 2
_LOCK = 0x7EAC4E5


def keep(ticket: Ticket, said: Prediction, vector: Vectors, recipe: str) -> None:
    """Triage is not sure of `ticket`, whose text has this vector; kept where an answer may teach."""
    if ticket.pk is None or not ticket.helpdesk.may_teach:
        return
    question, _made = Question.objects.update_or_create(
        ticket=ticket,
        defaults={
            "recipe": recipe, "vector": vector.astype(np.float32).tobytes(), "doubt": doubt(said),
            "rival": said.ranked[1][0] if len(said.ranked) > 1 else "", "in_scope": said.in_scope,
            "teaches": 0, "alike": 0,
        },
    )  # fmt: skip
    wake(tasks.order_questions, question.pk, seconds=SOON)


def drop(ticket: Ticket) -> None:
    """There is nothing to ask."""
    if ticket.pk is not None:
        Question.objects.filter(ticket=ticket).delete()


def answered(ticket: Ticket) -> None:
    """A person has said what `ticket` is about; its row, if it teaches, takes the vector, so that copies count less."""
    question = Question.objects.filter(ticket=ticket).first()
    if question is None:
        return
    row = TrainingRow.objects.filter(ticket=ticket).first()
    if row is not None:
        # No digest: the row's text may differ by a file's words, so a training embeds it itself.
        TrainingVector.objects.get_or_create(row=row, recipe=question.recipe, defaults={"vector": question.vector})
    question.delete()
    wake(tasks.order_questions, 0)


def waiting(recipe: str) -> QuerySet[Question]:
    """Questions that wait in triage and can be compared, the newest first."""
    tickets = Ticket.objects.filter(in_triage(), state=Ticket.State.OPEN, triage=Ticket.Triage.UNSURE)
    return Question.objects.filter(recipe=recipe, ticket__in=tickets, ticket__helpdesk__may_teach=True).order_by("-pk")


def look_after() -> None:
    """Wake a worker when a question has waited for its score since before the last sweep."""
    recipe = _recipe()
    if recipe and any(not teaches for teaches in waiting(recipe).values_list("teaches", flat=True)[:LIMIT]):
        wake(tasks.order_questions, 0)


@transaction.atomic
def score(pk: int = 0) -> None:
    """Every score anew; nothing is done for question `pk` when it has one already, or while another worker does it."""
    recipe = _recipe()
    if recipe is None or (pk and not Question.objects.filter(pk=pk, teaches=0).exists()) or not _alone():
        return
    rows = list(waiting(recipe)[:LIMIT])
    vectors = _stacked([row.vector for row in rows])
    scores = order(vectors, [row.doubt for row in rows], _stacked(_taught(recipe)))
    changed = []
    for row, teaches, others in zip(rows, scores, alike(vectors), strict=True):
        if (row.teaches, row.alike) != (float(teaches), int(others)):
            row.teaches, row.alike = float(teaches), int(others)
            changed.append(row)
    Question.objects.bulk_update(sorted(changed, key=lambda row: row.pk), ["teaches", "alike"])
    Question.objects.exclude(pk__in=[row.pk for row in rows]).exclude(teaches=0).update(teaches=0, alike=0)


def _recipe() -> str | None:
    """What the triage that serves reads."""
    return TriageModel.objects.filter(is_active=True).values_list("recipe", flat=True).first()


def _taught(recipe: str) -> list[bytes | memoryview]:
    """The vectors of what people have answered of late."""
    said = TrainingVector.objects.filter(recipe=recipe, row__origin=TrainingRow.Origin.AGENT)
    return list(said.exclude(row__ticket=None).order_by("-row_id").values_list("vector", flat=True)[:LIMIT])


def _stacked(vectors: list[bytes | memoryview]) -> Vectors:
    return np.array([np.frombuffer(vector, dtype=np.float32) for vector in vectors], dtype=np.float32)


def _alone() -> bool:
    """Whether no other worker scores just now; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])
