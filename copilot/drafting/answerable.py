"""Does the evidence carry an answer at all? If not, we say so instead of quoting the least bad passage.

A mean of four signs, each about 0 to 1: how near the best passage is to the ticket, how near the best sentence is,
how near the best sentence under its titles is to one of the questions, and the share of the ticket's words that the
best passages hold. Nearness is to the ticket as a whole or to one of its questions, whichever is greater: in a long
story the question drowns. Each sign alone separates development tickets worse than the mean (docs/adr/0004).
"""

from collections.abc import Sequence

import numpy as np

from copilot.drafting.needs import Needs
from copilot.drafting.types import Evidence, Request
from copilot.inference.calibration import Calibration
from copilot.inference.embedder import Vectors
from copilot.language.words import stems


def carries(request: Request, evidence: Sequence[Evidence], near: float, calibration: Calibration) -> bool:
    """Whether to answer from evidence that is `near`, as `nearness` says."""
    if _crosses(request, evidence):  # cosines are lower there, and words hardly meet
        return near >= calibration.answer_cross_threshold
    return (3 * near + _cover(request, evidence)) / 4 >= calibration.answer_threshold


def nearness(needs: Needs, evidence: Sequence[Evidence], alone: Vectors, titled: Vectors) -> float:
    """The mean of the three signs that rest on meaning and mean the same in every language; 0 for no evidence.

    `alone` and `titled` are unit vectors, shape (units, 384).
    """
    if not evidence or not len(alone):
        return 0.0
    under_titles = float((titled @ needs.questions.T).max())
    signs = [
        max(*(passage.dense for passage in evidence), under_titles),
        max(float((alone @ needs.whole).max()), float((alone @ needs.questions.T).max())),
        under_titles,
    ]
    return float(np.mean(signs))


def _crosses(request: Request, evidence: Sequence[Evidence]) -> bool:
    return all(passage.language != request.language for passage in evidence)


def _cover(request: Request, evidence: Sequence[Evidence]) -> float:
    """The share of the ticket's distinct stems that occur in the three best passages."""
    asked = set(stems(request.text.text, request.language))
    held = {
        stem
        for passage in evidence[:3]
        for stem in stems(f"{passage.title} {passage.heading} {passage.text}", passage.language)
    }
    return len(asked & held) / len(asked) if asked else 0.0
