"""From a request and its evidence to a draft.

Invariant: the same request, evidence and recipe give the same draft.
"""

from collections.abc import Sequence

from copilot.drafting.answerable import carries, nearness
from copilot.drafting.compose import hold
from copilot.drafting.needs import needs
from copilot.drafting.select import select
from copilot.drafting.types import Draft, Evidence, Request
from copilot.drafting.writers import write
from copilot.inference.embedder import Embedder
from copilot.inference.generator import Generator

RECIPE = "draft-2"
MAX_PASSAGES = 5


def draft(
    request: Request,
    evidence: Sequence[Evidence],
    *,
    embedder: Embedder,
    generator: Generator | None = None,
    least: float = 0.0,
) -> Draft:
    """A verified reply, or an abstention with its reason and a holding reply that claims nothing.

    `least` is how near evidence must come to be used at all, beside what the embedder's calibration asks for.
    """
    evidence = evidence[:MAX_PASSAGES]
    recipe = "/".join(part for part in (RECIPE, embedder.recipe, generator.recipe if generator else "") if part)
    if not evidence:
        return Draft(hold(request), "quote", recipe, abstained=True, reason="nothing_found")
    asked = needs(request, embedder)
    selection = select(asked, evidence, embedder)
    near = nearness(asked, evidence, selection.alone, selection.titled)
    if not len(selection.alone) or near < least or not carries(request, evidence, near, embedder.calibration):
        return Draft(hold(request), "quote", recipe, abstained=True, reason="not_answering", nearness=near)
    written = write(request, selection.chosen, evidence, embedder, generator)
    return Draft(written.sentences, written.writer, recipe, note=written.note, nearness=near)
