"""The reranker that serves.

Invariant: one that cannot be used never stops a search: it is left out, and an administrator reads why.
"""

import logging

from copilot import engine
from copilot.inference.manifest import ModelUnusable
from copilot.inference.reranker import Reranker
from tickets import problems
from tickets.models import Problem

log = logging.getLogger(__name__)


def serving_reranker() -> Reranker | None:
    """The configured reranker; None where none is configured or it cannot be used, and then a problem is noted."""
    try:
        found = engine.reranker()
    except ModelUnusable as error:
        log.error("the configured reranker is unusable: %s", error)
        problems.note(Problem.Kind.RERANKER, str(error))
        return None
    problems.settle(Problem.Kind.RERANKER)
    return found
