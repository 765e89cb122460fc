"""When triage learns again: at night, when there is something new, or soon after rows were erased or an update of
Souffleur left a model that it cannot read.

Invariant: one look a night, whoever sweeps; and nothing is trained when that is known to be of no use: no rows, one
label, or the rows that were learned from last time.
"""

import re
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.conf import settings

from knowledge import recipes
from tickets import endings, intents, lesson, tasks, training_runs, versions
from tickets.models import Erasure, Learning, TrainingRun, User
from tickets.wake import wake

# After a run that had to forget, the next such run waits: agents may take back one label after the other; and one that
# had to replace a model may fail.
FORGETS_EVERY = timedelta(minutes=10)
# A model that knew the rows of an erased requester serves no longer than this, even when none can be trained: then
# every ticket goes to the triage queue.
FORGOTTEN_WITHIN = timedelta(days=1)


class Pointless(StrEnum):
    """Why nothing is trained."""

    NO_ROWS = "no_rows"
    ONE_LABEL = "one_label"
    UNCHANGED = "unchanged"


def look_after(now: datetime) -> None:
    """Begin the run of this night, or one that must forget; wake a worker for those that wait or were left behind."""
    if _is_night(now):
        endings.harvest()
        if why_not() is None:
            _begin(TrainingRun.Cause.NIGHT)
    elif is_overdue(now):
        versions.retire()
    elif must_forget(now):
        _forget()
    elif must_replace(now) and why_not() is None:
        _begin(TrainingRun.Cause.UPDATE)
    for pk in training_runs.due(now).values_list("pk", flat=True):
        wake(tasks.train_triage, pk)
    training_runs.forget()


def _begin(cause: str) -> None:
    """A run, unless another has ended between the look and this, after which there is nothing to learn."""
    run = training_runs.ask(cause)
    if run and why_not():
        TrainingRun.objects.filter(pk=run.pk, state=TrainingRun.State.WAITING, claim=None).delete()


def ask(user: User) -> Pointless | None:
    """A person wants it now; why it is of no use, if it is."""
    endings.harvest()
    reason = why_not()
    if reason is None and (run := training_runs.ask(TrainingRun.Cause.PERSON, user)):
        wake(tasks.train_triage, run.pk)
    return reason


def why_not() -> Pointless | None:
    """Why training would be of no use now."""
    rows = lesson.read()
    if not rows:
        return Pointless.NO_ROWS
    if len({row.intent for row in rows}) == 1:
        return Pointless.ONE_LABEL
    recipe = recipes.serving_embedder().recipe
    made, model = lesson.fingerprint(rows, recipe), versions.active()
    if model is None or not intents.is_readable(model.pk):
        return None
    last = TrainingRun.objects.filter(state=TrainingRun.State.DONE).first()
    same = model.fingerprint == made or bool(last and last.fingerprint == made and last.model_id)
    return Pointless.UNCHANGED if same else None


def _forget() -> None:
    if why_not() in (Pointless.NO_ROWS, Pointless.ONE_LABEL):
        versions.retire()
    else:
        training_runs.ask(TrainingRun.Cause.ERASED)


def must_forget(now: datetime) -> bool:
    """Whether the model that serves knew rows that were erased, and a run has not just tried."""
    model = versions.active()
    if model is None or not versions.erased(model):
        return False
    return not _has_tried(TrainingRun.Cause.ERASED, now)


def is_overdue(now: datetime) -> bool:
    """Whether the model that serves knew a requester who was erased longer than FORGOTTEN_WITHIN ago."""
    model = versions.active()
    if model is None or not versions.erased(model):
        return False
    done = Erasure.objects.filter(state=Erasure.State.DONE, ended_at__lt=now - FORGOTTEN_WITHIN)
    return done.filter(ended_at__gt=model.created_at).exists()


def must_replace(now: datetime) -> bool:
    """Whether the model that serves cannot be read, so that no ticket is triaged, and a run has not just tried."""
    model = versions.active()
    return model is not None and not intents.is_readable(model.pk) and not _has_tried(TrainingRun.Cause.UPDATE, now)


def _has_tried(cause: str, now: datetime) -> bool:
    return TrainingRun.objects.filter(cause=cause, created_at__gt=now - FORGETS_EVERY).exists()


def next_look(now: datetime) -> datetime | None:
    """When it is asked next whether there is something new; None for never."""
    said = settings.TRIAGE_LEARNS
    if said == "never":
        return None
    if re.fullmatch(r"\d+(\.\d+)?", said):
        last = Learning.objects.values_list("looked_at", flat=True).first()
        return (last or now) + timedelta(seconds=float(said))
    return _at(said, now) if _at(said, now) > now else _at(said, now + timedelta(days=1))


def _is_night(now: datetime) -> bool:
    """Whether the time has come since the last look; then this look is it."""
    row, _ = Learning.objects.get_or_create(pk=1, defaults={"looked_at": now})
    last = _last_moment(now, row.looked_at)
    if last is None or last <= row.looked_at:
        return False
    return Learning.objects.filter(pk=1, looked_at=row.looked_at).update(looked_at=now) == 1


def _last_moment(now: datetime, looked_at: datetime) -> datetime | None:
    said = settings.TRIAGE_LEARNS
    if said == "never":
        return None
    if re.fullmatch(r"\d+(\.\d+)?", said):
        due = looked_at + timedelta(seconds=float(said))
        return due if due <= now else None
    return _at(said, now) if _at(said, now) <= now else _at(said, now - timedelta(days=1))


def _at(clock: str, day: datetime) -> datetime:
    """That time of that day, where the product lives."""
    hour, minute = map(int, clock.split(":"))
    there = day.astimezone(ZoneInfo(settings.TIME_ZONE))
    return there.replace(hour=hour, minute=minute, second=0, microsecond=0)
