"""From a request and its evidence to a draft.

Invariant: the same request, evidence and recipe give the same draft.
"""

from collections.abc import Sequence

from copilot.drafting.answerable import carries
from copilot.drafting.compose import hold
from copilot.drafting.needs import needs
from copilot.drafting.select import select
from copilot.drafting.types import Draft, Evidence, Request
from copilot.drafting.writers import write
from copilot.inference.embedder import Embedder
from copilot.inference.generator import Generator

RECIPE = "draft-1"
MAX_PASSAGES = 5


def draft(
    request: Request, evidence: Sequence[Evidence], *, embedder: Embedder, generator: Generator | None = None
) -> Draft:
    """A verified reply, or an abstention with its reason and a holding reply that claims nothing."""
    evidence = evidence[:MAX_PASSAGES]
    recipe = "/".join(part for part in (RECIPE, embedder.recipe, generator.recipe if generator else "") if part)
    asked = needs(request, embedder)
    selection = select(asked, evidence, embedder)
    answered, _ = carries(request, asked, evidence, selection.alone, selection.titled)
    if not answered:
        reason = "not_answering" if evidence else "nothing_found"
        return Draft(hold(request), "quote", recipe, abstained=True, reason=reason)
    written = write(request, selection.chosen, evidence, generator)
    return Draft(written.sentences, written.writer, recipe, note=written.note)
