"""One training of triage, step by step: read the rows, train, compare, take over or not.

Invariant: what a step made is kept before the next begins, so a step may be done again by another worker; and the
model that serves changes in the last one only, by the rule of `tickets.comparison` alone. Three things are above
the rule: a pinned model stays; a model that knew erased rows goes, and so does one that cannot be read, pinned or not.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from copilot.inference.embedder import Embedder
from copilot.privacy import kept
from copilot.triage.classifier import Classifier, Prediction
from copilot.triage.store import UnreadableModel, dumps, loads
from copilot.triage.training import CannotTrain
from knowledge import recipes
from tickets import endings, intents, label_reports, lesson, renaming, tasks, training_runs, versions
from tickets.comparison import compare, decide, measure
from tickets.lesson import Row
from tickets.models import TrainingRun, TriageModel
from tickets.remembered import remember
from tickets.wake import wake

log = logging.getLogger(__name__)
State, Outcome = TrainingRun.State, TrainingRun.Outcome
BATCH = 256
# Where each step ends, in percent of the run.
EMBEDDED, TRAINED, COMPARED = 35, 65, 75


def go_on(pk: int) -> None:
    """Take the step that is due, and wake a worker for the next one."""
    run = training_runs.claim(pk)
    if run is None:
        return
    try:
        STEPS[State(run.state)](run)
    except CannotTrain as error:
        _fail(run, str(error))
    except SoftTimeLimitExceeded:
        _fail(run, "it took too long")
    except Exception as error:
        log.exception("triage could not be trained (%s)", run.state)
        _fail(run, type(error).__name__)
    if TrainingRun.objects.filter(pk=pk, state__in=TrainingRun.OPEN).exists():
        wake(tasks.train_triage, pk)
    else:
        label_reports.ask()


def _fail(run: TrainingRun, error: str) -> None:
    training_runs.step(run, State.FAILED, run.percent, error=error[:300])


def _embed(run: TrainingRun) -> None:
    """Every row has its vector, so that the steps after this one only calculate."""
    endings.harvest()
    embedder = recipes.serving_embedder()

    def tell(done: int, of: int) -> None:
        training_runs.tell(run, EMBEDDED * done // of)

    rows = lesson.read()
    remember(rows, embedder, tell)
    made = lesson.fingerprint(rows, embedder.recipe)
    training_runs.step(run, State.TRAINING, EMBEDDED, fingerprint=made, changes=_changes(rows))


def _changes(rows: Sequence[Row]) -> dict[str, object]:
    """What is new since the model that serves."""
    model = versions.active()
    knew = versions.unpacked(model.knows) if model else {}
    classifier = intents.active_classifier()
    labels = set(classifier.labels) if classifier else set()
    new = [row for row in rows if row.pk not in knew]
    return {
        "new": len(new), "relabelled": sum(knew.get(row.pk, row.intent) != row.intent for row in rows),
        "corrected": sum(row.origin == "agent" for row in new),
        "erased": versions.erased(model) if model else 0,
        "labels": sorted({row.intent for row in rows} - labels)[:20] if labels else [],
    }  # fmt: skip


def _train(run: TrainingRun) -> None:
    """The candidate, and where the model that serves has none its twin: both without the held-out rows."""
    embedder, rows = recipes.serving_embedder(), lesson.read()
    reader = remember(rows, embedder, lambda done, of: None)
    learned, held = lesson.split(rows)
    rival = versions.active()
    with training_runs.beating(run):
        if not held:
            learned = rows
        twin = intents.learn(reader, lesson.labelled(learned))
        if rival and held:
            _give_twin(rival, learned)
    with transaction.atomic():
        model = TriageModel.objects.create(
            is_active=False, blob=b"", twin=dumps(twin), twin_knows=versions.packed(learned),
            recipe=embedder.recipe, rows=len(rows), labels=len({row.intent for row in rows}),
        )  # fmt: skip
        if not training_runs.step(run, State.COMPARING, TRAINED, model=model, rival=rival):
            model.delete()


def _give_twin(rival: TriageModel, learned: Sequence[Row]) -> None:
    """What the model that serves would be without the held-out rows: its rows, as they were labelled then."""
    embedder = recipes.embedder_of(rival.recipe)
    if rival.twin_knows or embedder is None:
        return
    knew = versions.unpacked(rival.knows)
    rows = [row._replace(intent=knew[row.pk]) for row in learned if row.pk in knew] if knew else list(learned)
    try:
        twin = intents.learn(remember(rows, embedder, lambda done, of: None), lesson.labelled(rows))
    except CannotTrain:
        return
    TriageModel.objects.filter(pk=rival.pk).update(twin=dumps(twin), twin_knows=versions.packed(rows))


def _compare(run: TrainingRun) -> None:
    """Judge the candidate; then it is trained on every row, or kept as it is with the reason."""
    model, rival = run.model, run.rival
    assert model is not None
    takes_over, outcome, figures = _judge(model, rival)
    if takes_over and rival and rival.is_pinned and not _must_go(rival):
        takes_over, outcome = False, Outcome.PINNED
    if takes_over:
        training_runs.step(run, State.REFITTING, COMPARED, outcome=outcome, figures=figures)
        return
    with transaction.atomic():
        if training_runs.step(run, State.DONE, 100, outcome=outcome, figures=figures):
            TriageModel.objects.filter(pk=model.pk).update(
                blob=model.twin, knows=model.twin_knows, is_partial=True, metrics=figures.get("candidate", {})
            )
    versions.forget()


def _judge(model: TriageModel, rival: TriageModel | None) -> tuple[bool, str, dict[str, object]]:
    """Whether it takes over, why, and by which figures."""
    rows = lesson.split(lesson.read())[1]
    seen = versions.unpacked(model.twin_knows) | (versions.unpacked(rival.twin_knows) if rival else {})
    unseen = [row for row in rows if row.pk not in seen]
    gold, new = [row.intent for row in unseen], _said(model, unseen)
    old = _said(rival, unseen) if rival else None
    if rival and not _must_go(rival) and unseen and new and old:
        comparison = compare(new, old, gold)
        return *decide(comparison), comparison.said()
    figures = compare(new, old, gold).said() if new and old else _alone(new, gold) if new else {}
    return True, _beside_the_rule(rival, unseen), figures


def _must_go(rival: TriageModel) -> bool:
    """Whether a model may serve no longer, whatever a person or the figures say."""
    return versions.erased(rival) > 0 or not intents.is_readable(rival.pk)


def _alone(new: Sequence[Prediction], gold: Sequence[str]) -> dict[str, object]:
    return {"rows": len(gold), "candidate": asdict(measure(new, gold))}


def _beside_the_rule(rival: TriageModel | None, unseen: Sequence[Row]) -> str:
    """Why a candidate takes over without having been compared."""
    if rival is None:
        return Outcome.FIRST
    if versions.erased(rival):
        return Outcome.FORGET
    return Outcome.UNREADABLE if unseen or not intents.is_readable(rival.pk) else Outcome.TOO_FEW


def _said(model: TriageModel, rows: Sequence[Row]) -> list[Prediction] | None:
    """What the twin says of the rows; None when there is no twin that can be asked."""
    embedder = recipes.embedder_of(model.recipe)
    try:
        twin = loads(bytes(model.twin))
    except UnreadableModel:
        return None
    return renaming.in_new_names(_ask(twin, embedder, rows), model.created_at) if embedder else None


def _ask(twin: Classifier, embedder: Embedder, rows: Sequence[Row]) -> list[Prediction]:
    reader = remember(rows, embedder, lambda done, of: None)
    said: list[Prediction] = []
    for start in range(0, len(rows), BATCH):
        texts = [kept(row.text) for row in rows[start : start + BATCH]]
        said += intents.predictions(twin, reader, texts)
    return said


def _refit(run: TrainingRun) -> None:
    """Train on every row, the held-out ones too, and serve that."""
    assert run.model is not None
    embedder, rows = recipes.serving_embedder(), lesson.read()
    reader = remember(rows, embedder, lambda done, of: None)
    with training_runs.beating(run):
        taught = versions.Taught(intents.learn(reader, lesson.labelled(rows)), rows)
    with transaction.atomic():
        # Locked, so that a person who chooses a version now is before or after, never between.
        rival = TriageModel.objects.select_for_update().filter(is_active=True).defer("blob", "twin").first()
        if rival and rival.is_pinned and not _must_go(rival):
            values: dict[str, object] = {"outcome": Outcome.PINNED}
        else:
            values = {"took_over": True}
        if not training_runs.step(run, State.DONE, 100, **values):
            return
        TriageModel.objects.filter(pk=run.model.pk).update(
            metrics=run.figures.get("candidate", {}), **versions.described(taught)
        )
        if "took_over" in values:
            versions.serve(run.model.pk)
    recipes.mend(embedder.recipe)
    versions.forget()


STEPS: dict[str, Callable[[TrainingRun], None]] = {
    State.WAITING: _embed, State.EMBEDDING: _embed, State.TRAINING: _train, State.COMPARING: _compare,
    State.REFITTING: _refit,
}  # fmt: skip
