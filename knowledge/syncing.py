"""One claimed run to its end.

Invariant: whatever happens, the run says so: done, failed with a reason that a person can act upon, or given back.
"""

import logging
from contextlib import suppress
from datetime import timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from copilot.engine import embedder
from copilot.inference.manifest import ModelUnusable
from copilot.sealed import CannotDecrypt
from knowledge import runs
from knowledge.indexing import SyncReport, sync
from knowledge.models import Source, SyncRun, WebPage
from knowledge.sources.base import SourceMissing
from knowledge.sources.opening import opened

log = logging.getLogger(__name__)
# What is known of pages that no look has met for so long is forgotten.
FORGET_PAGES = timedelta(days=30)


def work(pk: int) -> Source | None:
    """Sync what the run asks for; the source, when it is to be looked at once more. A run that is not waiting is left
    alone, so that a task that comes twice works once.
    """
    run = runs.claim(pk)
    if run is None or run.claim is None:
        return None
    holder = run.claim
    try:
        report = _sync(run)
    except runs.Stopped:
        return None
    except SoftTimeLimitExceeded:
        runs.put_back(pk, holder)
        return run.source
    except (SourceMissing, ModelUnusable, CannotDecrypt) as error:
        again = runs.finish(pk, holder, None, str(error))
    except Exception as error:
        log.exception("the sync of source %s failed", run.source_id)
        with suppress(Exception):
            runs.finish(pk, holder, None, f"an unexpected error ({type(error).__name__}); see the workers' log")
        raise
    else:
        again = runs.finish(pk, holder, report)
    return run.source if again else None


def _sync(run: SyncRun) -> SyncReport:
    assert run.claim is not None
    holder, source = run.claim, run.source
    with opened(source, run.started_at) as reader:
        report = sync(
            source, reader, embedder(), lambda so_far: runs.tell(run.pk, holder, so_far), may_remove=run.may_remove
        )
    if source.kind == Source.Kind.WEBSITE and not report.incomplete:
        WebPage.objects.filter(source=source, fetched_at__lt=timezone.now() - FORGET_PAGES).delete()
    return report
