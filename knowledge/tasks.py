"""Celery's view of the knowledge base.

Invariant: hard limit < Redis' visibility timeout, so that a long sync is not handed out twice; what is left when the
time is over waits for the next task.
"""

from celery import shared_task


@shared_task(soft_time_limit=2700, time_limit=2760)
def sync_source(pk: int) -> None:
    """One look at one source."""
    from knowledge import runs
    from knowledge.syncing import work

    if source := work(pk):
        sync_source.delay(runs.ask(source).pk)


@shared_task(soft_time_limit=3300, time_limit=3360)
def keep_indexes() -> None:
    """An index where there are many vectors, and none where there are few."""
    from knowledge import nearness

    nearness.keep_indexes()
