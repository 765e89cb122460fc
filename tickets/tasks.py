"""Celery's view of the desk.

Invariant: helpdesk request deadline, or draft deadline < task soft limit < task hard limit < lease, so that a task is
dead before another takes over its work. The logic stands elsewhere; each task only names it and its limits.
"""

from celery import shared_task
from django.conf import settings


@shared_task(soft_time_limit=30, time_limit=40)
def process_delivery(pk: int) -> None:
    """One webhook call to a ticket."""
    from tickets.deliveries import process

    process(pk)


@shared_task(soft_time_limit=2 * settings.DRAFT_DEADLINE_SECONDS, time_limit=2 * settings.DRAFT_DEADLINE_SECONDS + 30)
def draft_pending() -> None:
    """A batch of drafts; wakes itself while there are more, then the summaries that gave way to them."""
    from tickets import summaries
    from tickets.drafts import draft_batch
    from tickets.wake import wake

    if draft_batch():
        wake(draft_pending)
    elif summaries.due().exists():
        wake(summarise_pending)


@shared_task(soft_time_limit=2 * settings.DRAFT_DEADLINE_SECONDS, time_limit=2 * settings.DRAFT_DEADLINE_SECONDS + 30)
def summarise_pending() -> None:
    """A few summaries, while no draft waits; wakes itself while there are more."""
    from tickets.summaries import make_batch
    from tickets.wake import wake

    if make_batch():
        wake(summarise_pending)


@shared_task(soft_time_limit=40, time_limit=50)
def deliver_reply(pk: int) -> None:
    """One accepted reply to its helpdesk."""
    from tickets.outbox import send

    send(pk)


@shared_task(soft_time_limit=40, time_limit=50)
def write_back(pk: int) -> None:
    """One placement to its helpdesk."""
    from tickets.write_back import send

    send(pk)


@shared_task(soft_time_limit=75, time_limit=90)
def fetch_attachment(pk: int) -> None:
    """One file from its helpdesk."""
    from tickets.fetches import fetch

    fetch(pk)


@shared_task(soft_time_limit=120, time_limit=150)
def read_attachment(pk: int) -> None:
    """The words of one file, and what follows from them."""
    from tickets.reading import read

    read(pk)


@shared_task(soft_time_limit=30, time_limit=40)
def embed_passages(claim: str) -> None:
    """A few seconds of a change of embedder, among the drafts."""
    from tickets.reembedding import Step, go_on

    go_on(claim, Step.EMBED)


@shared_task(soft_time_limit=540, time_limit=570)
def finish_recipe(claim: str) -> None:
    """Triage for a new embedder, then the switch; not among the drafts, since training may take minutes."""
    from tickets.reembedding import Step, go_on

    go_on(claim, Step.FINISH)


@shared_task(soft_time_limit=540, time_limit=570)
def find_gaps() -> None:
    """What the knowledge base lacks, from the questions since the last time."""
    from knowledge.recipes import serving_embedder
    from tickets.gaps import find

    find(serving_embedder())


@shared_task(soft_time_limit=540, time_limit=570)
def learn_weights() -> None:
    """How much words and meaning count, from what agents have accepted."""
    from knowledge.recipes import serving_embedder
    from tickets.learning import learn

    learn(serving_embedder())


@shared_task(soft_time_limit=1500, time_limit=1530)
def train_triage(pk: int) -> None:
    """One step of a training of triage; wakes itself for the next one."""
    from tickets.candidates import go_on

    go_on(pk)


@shared_task(soft_time_limit=840, time_limit=870)
def report_labels(pk: int) -> None:
    """What the labels that triage learns from are like."""
    from tickets.label_reports import work_out

    work_out(pk)


@shared_task(soft_time_limit=30, time_limit=40)
def order_questions(pk: int) -> None:
    """What each question of the triage queue would teach; 0 for whatever has changed."""
    from tickets.teaching import score

    score(pk)


@shared_task(soft_time_limit=1500, time_limit=1530)
def verify_audit(pk: int) -> None:
    """A walk along the audit's chain."""
    from tickets.audit.checks import work_out

    work_out(pk)


@shared_task(soft_time_limit=540, time_limit=570)
def anchor_audit() -> None:
    """A signed head of the audit's chain."""
    from tickets.audit.checks import anchor

    anchor()


@shared_task(soft_time_limit=540, time_limit=570)
def erase(pk: int) -> None:
    """Some minutes of an erasure; wakes itself while there is more."""
    from time import monotonic

    from tickets.erasure.runs import work

    work(pk, until=monotonic() + 420)


@shared_task(soft_time_limit=240, time_limit=270)
def redact_again() -> None:
    """Some tickets by the redaction of today; wakes itself while more are left."""
    from tickets.masking import redact_again as some

    if some():
        redact_again.apply_async()


@shared_task(soft_time_limit=540, time_limit=570)
def apply_retention() -> None:
    """Some minutes of what the rules keep no longer; wakes itself while there is more."""
    from time import monotonic

    from tickets.retention import apply_all
    from tickets.wake import wake

    if not apply_all(until=monotonic() + 420):
        wake(apply_retention)


@shared_task(soft_time_limit=60, time_limit=90)
def sweep() -> None:
    """Everything that waits."""
    from tickets.sweep import sweep as run

    run()
